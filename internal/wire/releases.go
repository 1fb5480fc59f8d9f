package wire

// Releases says where to look for the release that something happened after.
type Releases struct {
	// Applications are CodeDeploy applications.
	Applications []string `json:"applications"`
	// Who looks up in CloudTrail who made a deployment.
	Who bool `json:"who,omitempty"`
}
