package notice

// Level says at a glance how bad a notice is: its severity, or OK where it resolves
// something and is no more than an Info.
type Level int

// The levels.
const (
	LevelInfo Level = iota
	LevelOK
	LevelWarning
	LevelError
	LevelCritical

	Levels = iota // how many there are: the length of a table of them
)

// levels are the name and the color of each level. White text is readable on each
// color.
var levels = [Levels]struct{ name, color string }{
	LevelInfo:     {"Info", "#0969da"},
	LevelOK:       {"OK", "#1a7f37"},
	LevelWarning:  {"Warning", "#b45309"},
	LevelError:    {"Error", "#cf222e"},
	LevelCritical: {"Critical", "#7f1414"},
}

// String is the level's name as people read it.
func (l Level) String() string { return levels[l].name }

// Color is the level's color as HTML writes it, such as "#cf222e".
func (l Level) Color() string { return levels[l].color }

// Level is the notice's level. An unknown severity counts as Info.
func (n *Notice) Level() Level {
	switch n.Severity {
	case Critical:
		return LevelCritical
	case Error:
		return LevelError
	case Warning:
		return LevelWarning
	}
	if n.Status == Resolved {
		return LevelOK
	}
	return LevelInfo
}
