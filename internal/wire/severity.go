package wire

// Severity says how bad something is.
type Severity string

// The severities, from harmless to worst.
const (
	SeverityInfo     Severity = "info"
	SeverityWarning  Severity = "warning"
	SeverityError    Severity = "error"
	SeverityCritical Severity = "critical"
)

// AllSeverities returns all severities, from harmless to worst.
func AllSeverities() []Severity {
	return []Severity{SeverityInfo, SeverityWarning, SeverityError, SeverityCritical}
}
