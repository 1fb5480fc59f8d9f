package wire

// Metric is a metric of CloudWatch that a user names.
type Metric struct {
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	// Dimensions are all of the metric's dimensions: CloudWatch adds nothing up over others.
	Dimensions map[string]string `json:"dimensions,omitempty"`
	// Statistic is such as "Sum" or "p99". Empty: "Average".
	Statistic string `json:"statistic,omitempty"`
	// Label is how people call it. Empty: the name.
	Label string `json:"label,omitempty"`
	// Unit is what it counts. It may be empty.
	Unit string `json:"unit,omitempty"`
	// Worse says which change is one for the worse. Empty: [WorseHigher].
	Worse Worse `json:"worse,omitempty"`
}

// Worse says which change of a metric is one for the worse.
type Worse string

// The directions.
const (
	WorseHigher  Worse = "higher"
	WorseLower   Worse = "lower"
	WorseNeither Worse = "neither"
)
