package assembly

import (
	"reflect"
	"testing"
)

// TestLayerFiles reads a file in the layers of functions: the last layer that has it counts, and
// what is not in the assembly or left out of the stack has none.
func TestLayerFiles(t *testing.T) {
	layer := func(key string) string {
		return `{"Type":"AWS::Lambda::LayerVersion","Properties":{"Content":{"S3Bucket":"b","S3Key":` + key + `}}}`
	}
	function := func(layers string) string {
		return `{"Type":"AWS::Lambda::Function","Properties":{"Layers":` + layers + `}}`
	}
	dir := write(t, map[string]string{
		"manifest.json": `{"version":"54.0.0","artifacts":{"s":{"type":"aws:cloudformation:stack","environment":"aws://111122223333/eu-west-1","properties":{"templateFile":"s.json"}}}}`,
		"s.json": `{"Conditions":{"No":{"Fn::Equals":["a","b"]}},"Resources":{
			"A":` + layer(`"aaa.zip"`) + `,"B":` + layer(`{"Fn::Sub":"bbb.zip"}`) + `,"C":` + layer(`"ccc.zip"`) + `,"Out":` + layer(`"out.zip"`) + `,
			"One":` + function(`[{"Ref":"A"}]`) + `,"Two":` + function(`[{"Ref":"A"},{"Ref":"B"},{"Ref":"C"}]`) + `,
			"Elsewhere":` + function(`["arn:aws:lambda:eu-west-1:111122223333:layer:other:3"]`) + `,"Empty":` + function(`[{"Ref":"C"}]`) + `,
			"Outside":` + function(`[{"Ref":"Out"}]`) + `,"Odd":` + function(`{"a":1}`) + `,"None":{"Type":"AWS::Lambda::Function"},
			"Off":{"Type":"AWS::Lambda::Function","Condition":"No","Properties":{"Layers":[{"Ref":"A"}]}}}}`,
		"s.assets.json":     `{"files":{"aaa":{"source":{"path":"asset.aaa"}},"bbb":{"source":{"path":"asset.bbb"}},"ccc":{"source":{"path":"asset.ccc"}},"out":{"source":{"path":"../.."}}}}`,
		"asset.aaa/my/file": "of A", "asset.bbb/my/file": "of B", "asset.ccc/other": "of C",
	})
	app, err := Read(dir, Options{LayerFile: "my/file"})
	if err != nil {
		t.Fatal(err)
	}
	const prefix = "arn:aws:lambda:eu-west-1:111122223333:function:s-"
	if want := map[string][]byte{prefix + "One": []byte("of A"), prefix + "Two": []byte("of B")}; !reflect.DeepEqual(app.LayerFiles, want) {
		t.Errorf("found %q, want %q", app.LayerFiles, want)
	}
	if len(app.Notes) > 0 || len(app.Problems) > 0 {
		t.Errorf("notes %q, problems %q", app.Notes, app.Problems)
	}
}
