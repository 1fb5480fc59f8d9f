package evidence

import (
	"context"
	"fmt"
	"strings"
	"testing"
)

// hookOf is the name of CodeDeploy's hook for a deployment group.
func hookOf(group string) string {
	return "CodeDeploy-managed-automatic-launch-deployment-hook-" + group + "-a2d358c8-3525-452c-b76e-978f1746ae74"
}

func TestSameName(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want bool
	}{
		{"some-service", "some-service", true},
		{"some-service", "some-service-production", true},
		{"some-service-production", "some-service", true},
		{"some-service", "Some-Service_production", true},
		{"some-service", "some-service.production", true},
		{"some-service", "some-service/production", true},
		{"some-service", "some-service production", true},
		{"web", "web-ASG46ED3070-1X7QT7QEZKKC7", true},
		{"some-service", "some-services", false},
		{"some-service", "some-services-production", false},
		{"some-service", "some-service1", false},
		{"some-service", "some-server", false},
		{"some-service-a", "some-service-b", false},
		{"production", "some-service-production", false},
		{"zeta-web", "alpha-api", false},
		{"service", "some-service", false},
		{"", "some-service", false},
		{"", "-production", false},
		{"", "", false},
		{"é", "é-x", true},
	} {
		if got := sameName(tt.a, tt.b); got != tt.want {
			t.Errorf("sameName(%q, %q) = %t", tt.a, tt.b, got)
		}
		if got := sameName(tt.b, tt.a); got != tt.want {
			t.Errorf("sameName(%q, %q) = %t", tt.b, tt.a, got)
		}
	}
}

func TestHookedGroup(t *testing.T) {
	const id = "-c8286fbc-5eb4-4bac-97d1-37c95779c4ad"
	for hook, want := range map[string]string{
		hookOf("myservice"): "myservice",
		"CodeDeploy-managed-automatic-launch-deployment-hook-BlueGreenDG" + id:              "BlueGreenDG",
		"CodeDeploy-managed-automatic-launch-deployment-hook-DEPLOYMENT_GROUP_NAME":         "DEPLOYMENT_GROUP_NAME",
		"CodeDeploy-managed-automatic-termination-deployment-hook-web-deployment-hook" + id: "web-deployment-hook",
		"CodeDeploy-managed-automatic-launch-deployment-hook-" + id:                         id,
		"CodeDeploy-managed-automatic-launch-deployment-hook":                               "",
		"drain-deployment-hook-web":                                                         "",
		"":                                                                                  "",
	} {
		if got := hookedGroup(hook); got != want {
			t.Errorf("hookedGroup(%q) = %q, want %q", hook, got, want)
		}
	}
}

// TestBelonging lists deployment groups as "application/group", with "=" and the Auto Scaling
// group that they name, or "=lambda" for those of another platform.
func TestBelonging(t *testing.T) {
	for name, tt := range map[string]struct {
		groups string
		hooked []string
		scaled string
		want   string
	}{
		"named":                              {"a/x=web a/y=jobs web/z", nil, "web", "a/x"},
		"named by two":                       {"a/x=web b/y=web", nil, "web", "a/x b/y"},
		"named before hooked":                {"a/x=web b/y", []string{"y"}, "web", "a/x"},
		"hooked":                             {"a/x b/y", []string{"y"}, "web", "b/y"},
		"hooked, of two of that name":        {"a/y b/y", []string{"y"}, "web", ""},
		"hooked, of another group's":         {"a/y=jobs", []string{"y"}, "web", ""},
		"the deployment group's name":        {"a/web b/y", nil, "web", "a/web"},
		"the application's name":             {"web/x api/y", nil, "web-production", "web/x"},
		"the most alike":                     {"web/x web-api/y", nil, "web-api-production", "web-api/y"},
		"a longer application":               {"web-production/x", nil, "web", "web-production/x"},
		"its deployment group":               {"web/staging web/production", nil, "web-production", "web/production"},
		"its deployment group, and a suffix": {"web/staging web/production", nil, "web-production-2", "web/production"},
		"none of its deployment groups":      {"web/staging web/production", nil, "web-canary", ""},
		"either of its deployment groups":    {"web/staging web/production", nil, "web", ""},
		"of another platform":                {"web/x=lambda", nil, "web-production", ""},
		"one of another platform":            {"web/x=lambda web/y", nil, "web-production", "web/y"},
		"deploys elsewhere":                  {"web/x=jobs", nil, "web-production", ""},
		"a common beginning":                 {"alpha-api/x zeta-api/y", nil, "zeta-web", ""},
		"nothing":                            {"", nil, "web", ""},
	} {
		var groups []deploymentGroup
		for text := range strings.FieldsSeq(tt.groups) {
			path, scaled, _ := strings.Cut(text, "=")
			application, name, _ := strings.Cut(path, "/")
			g := deploymentGroup{application: application, name: name, platform: "Server"}
			switch scaled {
			case "":
			case "lambda":
				g.platform = "Lambda"
			default:
				g.scaled = []string{scaled}
			}
			groups = append(groups, g)
		}
		var got []string
		for _, g := range belonging(groups, tt.scaled, tt.hooked) {
			got = append(got, g.application+"/"+g.name)
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

// TestUnreadDeploymentGroups shows that an application with more deployment groups than can be
// read is a problem beside what was found.
func TestUnreadDeploymentGroups(t *testing.T) {
	var names []string
	for i := range 101 {
		names = append(names, fmt.Sprintf(`"g%d"`, i))
	}
	for listed, problem := range map[string]string{
		`{"deploymentGroups":[` + strings.Join(names, ",") + `]}`:     "only 100 deployment groups of a were asked about",
		`{"deploymentGroups":[` + strings.Join(names[1:], ",") + `]}`: "",
		`{"deploymentGroups":["g"],"nextToken":"more"}`:               "only 1 deployment groups of a were asked about",
		`{"deploymentGroups":["g"]}`:                                  "",
	} {
		l, _ := lookups(t, (&fakeService{answers: map[string]func(map[string]any) string{
			"ListDeploymentGroups":     always(listed),
			"BatchGetDeploymentGroups": always(`{"deploymentGroupsInfo":[{"deploymentGroupName":"g"},{}]}`),
		}}).ServeHTTP)
		if groups, got := l.deploymentGroups(context.Background(), "eu-west-1", "a"); got != problem || len(groups) != 1 {
			t.Errorf("found %+v, %q, want %q", groups, got, problem)
		}
	}
}
