"""Give the category of what is on sale another name, where the environment says.

python -m tests.infrastructure.renaming <name>
"""

import sys

import django


def main(name: str) -> None:
    django.setup()
    from catalog.models import Category
    from catalog.services import save_category

    category = Category.objects.get()
    category.name = name
    save_category(category=category)


if __name__ == "__main__":
    main(sys.argv[1])
