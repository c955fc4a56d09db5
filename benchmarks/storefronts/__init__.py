"""The storefront beside another: what pages cost a phone."""
