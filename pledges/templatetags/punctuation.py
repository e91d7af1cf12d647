from django import template

from pledges.punctuation import comma

register = template.Library()
register.simple_tag(comma)
