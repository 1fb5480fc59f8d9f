package notice

import (
	"time"

	"github.com/extraeye/extraeye/internal/wire"
)

// Release is a deployment as a deployment marker shows it. Every field but ID, Application
// and State may be empty.
type Release struct {
	ID          string               `json:"id"`
	Application string               `json:"application"`
	Group       string               `json:"group,omitempty"`
	State       wire.DeploymentState `json:"state"`
	// Version is what people know the release by.
	Version     string `json:"version,omitempty"`
	Commit      string `json:"commit,omitempty"`
	Description string `json:"description,omitempty"`
	// By is who or what made the deployment.
	By       string    `json:"by,omitempty"`
	Started  time.Time `json:"started,omitzero"`
	Ended    time.Time `json:"ended,omitzero"`
	Rollback bool      `json:"rollback,omitempty"`
	// URL is the deployment in the AWS console.
	URL string `json:"url,omitempty"`
}
