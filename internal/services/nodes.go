package services

import "github.com/goccy/go-yaml/ast"

// where is where a value begins.
func where(n ast.Node) place {
	if pairs, ok := pairsOf(n); ok && len(pairs) > 0 {
		n = pairs[0].Key
	}
	t := n.GetToken()
	if t == nil || t.Position == nil {
		return place{}
	}
	return place{t.Position.Line, t.Position.Column}
}

// pairsOf are the fields of an object.
func pairsOf(n ast.Node) ([]*ast.MappingValueNode, bool) {
	switch v := n.(type) {
	case *ast.MappingNode:
		return v.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{v}, true
	}
	return nil, false
}

// keyOf is the name of a field.
func keyOf(n ast.MapKeyNode) string {
	if s, ok := n.(*ast.StringNode); ok {
		return s.Value
	}
	return n.GetToken().Value
}

// textOf is a text; a number is none.
func textOf(n ast.Node) (string, bool) {
	switch v := n.(type) {
	case *ast.StringNode:
		return v.Value, true
	case *ast.LiteralNode:
		return v.Value.Value, true
	}
	return "", false
}

// is says what a value is.
func is(n ast.Node) string {
	if _, ok := textOf(n); ok {
		return "it is a text"
	}
	if _, ok := pairsOf(n); ok {
		return "it is an object"
	}
	switch n.(type) {
	case *ast.NullNode:
		return "it is empty"
	case *ast.SequenceNode:
		return "it is a list"
	case *ast.BoolNode:
		return "it is true or false"
	}
	return "it is a number"
}
