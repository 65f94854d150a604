"""The items as data: drawing, forms, scenarios and the demo county agree with each other."""
