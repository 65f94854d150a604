"""The only place that knows BPMN XML and SpiffWorkflow."""
