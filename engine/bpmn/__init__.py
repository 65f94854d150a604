"""The only place that knows BPMN XML and SpiffWorkflow.

`source` files of an item · `tree` hardened XML · `check` findings · `read` XML to a program (`items` what it declares,
`names` what expressions may ask for, `diagrams` what runs) · `run` state in, Moved out · `core` the library's classes,
typed · `tokens` `scopes` `nodes` `joins` `events` `activities` `multi` `compensation` the behaviour, as subclasses,
each naming the flaw it mends · `timers` texts of timers · `state` tokens to bytes · `faults` what can go wrong.
"""
