"""What is paid: pure functions over plain data, which know no models and no settings.

docs/money.md has the order of the calculation and its settings.
"""
