"""Amounts in templates: `{% load amounts %}{{ total|written }}`."""

from django import template

from pricing import writing

register = template.Library()
register.filter("written", writing.written)
