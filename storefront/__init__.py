"""The shop that customers see: pages made from what the API gives, and modules that talk to it."""
