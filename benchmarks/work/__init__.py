"""What is measured, a module for each benchmark: functions that make things ready and return what is timed."""
