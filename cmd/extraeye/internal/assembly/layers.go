package assembly

import "path"

// layerFiles finds [Options.LayerFile] in the layers of functions, by the functions' ARNs. As on
// Lambda, the last layer that has it counts.
//
// https://docs.aws.amazon.com/lambda/latest/dg/adding-layers.html
func (l *loader) layerFiles() map[string][]byte {
	if l.opt.LayerFile == "" {
		return nil
	}
	found := map[string][]byte{}
	folders := l.layers()
	for t, id := range l.resources("AWS::Lambda::Function") {
		layers, _ := t.eval(t.resources[id].Properties["Layers"]).([]any)
		for _, arn := range layers {
			folder, ok := folders[text(arn)]
			if !ok {
				continue
			}
			if content, err := l.root.ReadFile(path.Join(folder, l.opt.LayerFile)); err == nil { // else the layer has another
				found[t.arn(id)] = content
			}
		}
	}
	return found
}

// layers are the folders of the assembly that have what is in layers, by the layers' ARNs.
func (l *loader) layers() map[string]string {
	folders := map[string]string{}
	for t, id := range l.resources("AWS::Lambda::LayerVersion") {
		if folder := t.asset(t.resources[id].Properties["Content"], ".zip"); folder != "" {
			folders[t.arn(id)] = folder
		}
	}
	return folders
}
