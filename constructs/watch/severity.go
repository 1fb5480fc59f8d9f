package watch

import "github.com/extraeye/extraeye/internal/wire"

// Severity says how bad something is.
type Severity string

// The severities, from harmless to worst.
const (
	SeverityInfo     Severity = Severity(wire.SeverityInfo)
	SeverityWarning  Severity = Severity(wire.SeverityWarning)
	SeverityError    Severity = Severity(wire.SeverityError)
	SeverityCritical Severity = Severity(wire.SeverityCritical)
)

// AllSeverities returns all severities, from harmless to worst.
func AllSeverities() []Severity { return convert[Severity](wire.AllSeverities()) }
