"""The command: `python -m catalog.sample.drawing`."""

from catalog.sample.drawing.cutouts import draw_cutouts
from catalog.sample.drawing.pictures import draw_all

if __name__ == "__main__":
    draw_all()
    draw_cutouts()
