"""Draws the pictures of the sample catalogue and of the storefront's home page.

`python -m catalog.sample.drawing` draws all that products.csv names, in the colours of
swatches.csv, and the cut-outs; each run writes the same bytes. Shapes are in a square of 100
units, from the top left, and keep 10 units from each side.
"""
