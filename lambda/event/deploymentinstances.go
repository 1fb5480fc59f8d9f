package event

import (
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

// DeploymentInstance is what a CodeDeploy deployment did to one instance.
type DeploymentInstance struct {
	Deployment, Application, Group, Instance string
	State                                    wire.State

	// Target is what CodeDeploy did on the instance. Evidence.
	Target Finding[DeploymentTarget]
	// Info is what CodeDeploy knows of the deployment. Evidence.
	Info Finding[DeploymentInfo]
	// Machine is what EC2 knows of the instance. Evidence.
	Machine Finding[Machine]
}

func decodeDeploymentInstance(e *Event, detail fields) Subject { return &DeploymentInstance{} }

func (s *DeploymentInstance) unwanted(wire.Watch) string { return "" }

func (s *DeploymentInstance) tell(n *notice.Notice, e *Event, now time.Time) {
	(&Unknown{Reason: "not written yet"}).tell(n, e, now)
	n.Kind = notice.KindDeploymentInstance
}
