package wire

// Timeline is what a dashboard's widget hands the notifier, which answers with a page.
type Timeline struct {
	// Title is what it is called.
	Title string `json:"title,omitempty"`
	Scope
	// Metrics are those that the user names.
	Metrics []Metric `json:"metrics,omitempty"`
}

// How much a [Timeline] may name: more than belongs to a service, and less than would take long.
const (
	MaxTimelineNames   = 100 // of each sort
	MaxTimelineMetrics = 20
)

// Scope is what belongs to a service. In each name but those of clusters and log groups, * stands
// for any text.
type Scope struct {
	// Service is the team's own name for it. Empty: there are several.
	Service string `json:"service,omitempty"`
	// Groups are Auto Scaling groups.
	Groups []string `json:"groups,omitempty"`
	// Applications are those of CodeDeploy.
	Applications []Application `json:"applications,omitempty"`
	// ECSServices are services of ECS.
	ECSServices []ClusterService `json:"ecsServices,omitempty"`
	// Alarms are those of CloudWatch.
	Alarms []string `json:"alarms,omitempty"`
	// Journals are log groups in which the notifier writes down what became of each event.
	Journals []string `json:"journals,omitempty"`
}

// Application is an application of CodeDeploy.
type Application struct {
	Name string `json:"name"`
	// Group is one of its deployment groups. Empty: all of them.
	Group string `json:"group,omitempty"`
}

// ClusterService is a service of ECS.
type ClusterService struct {
	Cluster string `json:"cluster"`
	Name    string `json:"name"`
}
