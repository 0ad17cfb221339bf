"""Pure laws of attrition, outcome and advance; nothing here knows of events or of battles."""
