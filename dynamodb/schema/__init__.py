"""Tables made, altered and rewritten."""
