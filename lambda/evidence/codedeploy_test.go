package evidence

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/extraeye/extraeye/lambda/event/codedeploy"

	"github.com/aws/aws-sdk-go-v2/aws"
	awscodedeploy "github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"

	"github.com/extraeye/extraeye/internal/golden"
)

// TestDeployment reads every recorded answer, compares the whole result with a
// golden file, and the fields with what the SDK's deserializer reads.
func TestDeployment(t *testing.T) {
	files, err := filepath.Glob("testdata/codedeploy-api-getdeployment-*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no answers in testdata: %v", err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, ".info.json") {
			continue
		}
		t.Run(filepath.Base(file), func(t *testing.T) {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			l, log := lookups(t, func(w http.ResponseWriter, r *http.Request) {
				if body, _ := io.ReadAll(r.Body); string(body) != `{"deploymentId":"d-asked"}` || r.Header.Get("X-Amz-Target") != "CodeDeploy_20141006.GetDeployment" {
					t.Errorf("asked %s for %s", r.Header.Get("X-Amz-Target"), body)
				}
				_, _ = w.Write(raw)
			})
			got := l.deployment(context.Background(), "eu-west-1", "d-asked")
			if !got.Known || got.Problem != "" || log.Len() > 0 {
				t.Fatalf("found %+v, log %q", got, log)
			}
			indented, err := json.MarshalIndent(got.Value, "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			golden.File(t, strings.TrimSuffix(file, ".json")+".info.json", string(indented)+"\n")
			compareWithSDK(t, &got.Value, sdkRead(t, raw))
		})
	}
}

// TestDeploymentOfOtherTypes shows that a member of an undocumented type hides
// only itself.
func TestDeploymentOfOtherTypes(t *testing.T) {
	l, _ := lookups(t, answer(200, `{"deploymentInfo":{
		"creator": 7, "description": "kept", "createTime": "1409764576.589", "completeTime": "2014-09-03T17:16:36Z",
		"revision": {"s3Location": [], "gitHubLocation": {"commitId": {}, "repository": "a/b"}},
		"deploymentOverview": {"Pending": "x", "Failed": -1, "Succeeded": 3, "Unheard": 4},
		"errorInformation": null,
		"rollbackInfo": {"rollbackDeploymentId": "d-1", "rollbackTriggeringDeploymentId": "d-1", "rollbackMessage": "kept too"}}}`))
	golden.JSON(t, "testdata/other-types.info.json", l.deployment(context.Background(), "eu-west-1", "d-1").Value)
}

func TestMoment(t *testing.T) {
	tests := map[string]time.Time{
		`1409764576.589`:              time.Date(2014, 9, 3, 17, 16, 16, 589e6, time.UTC),
		`1409764576`:                  time.Date(2014, 9, 3, 17, 16, 16, 0, time.UTC),
		`1.409764576E9`:               time.Date(2014, 9, 3, 17, 16, 16, 0, time.UTC),
		`"1409764576.589"`:            time.Date(2014, 9, 3, 17, 16, 16, 589e6, time.UTC),
		`"2014-09-03T17:16:16+02:00"`: time.Date(2014, 9, 3, 15, 16, 16, 0, time.UTC),
		`null`:                        {}, `"soon"`: {}, `1e300`: {}, `-5`: {}, `0`: {}, `{}`: {}, `[1]`: {}, `"NaN"`: {}, `"Inf"`: {}, `true`: {},
	}
	for raw, want := range tests {
		var m moment
		if err := json.Unmarshal([]byte(raw), &m); err != nil || !m.Equal(want) {
			t.Errorf("%s is %v (%v), want %v", raw, m.Time, err, want)
		}
	}
}

type answerer []byte

func (a answerer) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(string(a))), Request: r}, nil
}

func sdkRead(t *testing.T, raw []byte) *types.DeploymentInfo {
	t.Helper()
	client := awscodedeploy.New(awscodedeploy.Options{
		Region:     "eu-west-1",
		HTTPClient: &http.Client{Transport: answerer(raw)},
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "a", SecretAccessKey: "b"}, nil
		}),
	})
	out, err := client.GetDeployment(context.Background(), &awscodedeploy.GetDeploymentInput{DeploymentId: aws.String("d-1")})
	if err != nil {
		t.Fatal(err)
	}
	return out.DeploymentInfo
}

func compareWithSDK(t *testing.T, got *codedeploy.DeploymentInfo, sdk *types.DeploymentInfo) {
	t.Helper()
	var r types.RevisionLocation
	var s3 types.S3Location
	var gitHub types.GitHubLocation
	var appSpec types.AppSpecContent
	var text types.RawString
	var rollback types.RollbackInfo
	var failure types.ErrorInformation
	var previous types.RevisionLocation
	var previousGitHub types.GitHubLocation
	deref(&r, sdk.Revision)
	deref(&s3, r.S3Location)
	deref(&gitHub, r.GitHubLocation)
	deref(&appSpec, r.AppSpecContent)
	deref(&text, r.String_) //nolint:staticcheck // deprecated, but old deployments of Lambda functions have it
	deref(&rollback, sdk.RollbackInfo)
	deref(&failure, sdk.ErrorInformation)
	deref(&previous, sdk.PreviousRevision)
	deref(&previousGitHub, previous.GitHubLocation)
	for _, f := range []struct{ name, got, want string }{
		{"application", got.Application, aws.ToString(sdk.ApplicationName)},
		{"group", got.Group, aws.ToString(sdk.DeploymentGroupName)},
		{"status", got.Status, string(sdk.Status)},
		{"previous commit", got.Previous.Commit, aws.ToString(previousGitHub.CommitId)},
		{"creator", string(got.Creator), string(sdk.Creator)},
		{"description", got.Description, aws.ToString(sdk.Description)},
		{"config", got.Config, aws.ToString(sdk.DeploymentConfigName)},
		{"platform", got.Platform, string(sdk.ComputePlatform)},
		{"bucket", got.Revision.Bucket, aws.ToString(s3.Bucket)},
		{"key", got.Revision.Key, aws.ToString(s3.Key)},
		{"version", got.Revision.Version, aws.ToString(s3.Version)},
		{"eTag", got.Revision.ETag, aws.ToString(s3.ETag)},
		{"repository", got.Revision.Repository, aws.ToString(gitHub.Repository)},
		{"commit", got.Revision.Commit, aws.ToString(gitHub.CommitId)},
		{"appSpec", got.Revision.AppSpec, aws.ToString(appSpec.Content) + aws.ToString(text.Content)},
		{"created", got.Created.String(), aws.ToTime(sdk.CreateTime).String()},
		{"completed", got.Completed.String(), aws.ToTime(sdk.CompleteTime).String()},
		{"error code", got.ErrorCode, string(failure.Code)},
		{"error message", got.ErrorMessage, aws.ToString(failure.Message)},
		{"rollback of", got.RollbackOf, aws.ToString(rollback.RollbackTriggeringDeploymentId)},
		{"rolled back by", got.RolledBackBy, aws.ToString(rollback.RollbackDeploymentId)},
		{"rollback message", got.RollbackMessage, aws.ToString(rollback.RollbackMessage)},
	} {
		if f.got != f.want {
			t.Errorf("%s is %q, the SDK's %q", f.name, f.got, f.want)
		}
	}
}

// deref copies what p points to, if anything.
func deref[T any](into, p *T) {
	if p != nil {
		*into = *p
	}
}
