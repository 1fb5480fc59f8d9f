package wire

// Severity says how bad something is.
type Severity string

// The severities, from harmless to worst.
const (
	Info     Severity = "info"
	Warning  Severity = "warning"
	Error    Severity = "error"
	Critical Severity = "critical"
)

// Severities are all severities, from harmless to worst.
var Severities = []Severity{Info, Warning, Error, Critical}
