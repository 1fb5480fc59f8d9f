package watch

import "github.com/extraeye/extraeye/internal/wire"

// Severity says how bad something is.
type Severity = wire.Severity

// The severities, from harmless to worst.
const (
	Info     = wire.Info
	Warning  = wire.Warning
	Error    = wire.Error
	Critical = wire.Critical
)
