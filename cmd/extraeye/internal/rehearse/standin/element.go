package standin

import (
	"encoding/xml"
	"strconv"
	"time"
)

// element is an element of an XML answer.
type element struct {
	XMLName   xml.Name
	Namespace string    `xml:"xmlns,attr,omitempty"`
	Text      string    `xml:",chardata"`
	Children  []element `xml:",any"`
}

// el makes an element of what is in it: elements, or one value.
func el(name string, content ...any) element {
	e := element{XMLName: xml.Name{Local: name}}
	for _, c := range content {
		switch c := c.(type) {
		case element:
			e.Children = append(e.Children, c)
		case []element:
			e.Children = append(e.Children, c...)
		case string:
			e.Text = c
		case int:
			e.Text = strconv.Itoa(c)
		case time.Time:
			e.Text = c.UTC().Format("2006-01-02T15:04:05.000Z")
		}
	}
	return e
}

// queryAnswer is an answer of the AWS Query protocol.
//
// https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
func queryAnswer(namespace, operation string, result ...element) answer {
	root := el(operation+"Response", el(operation+"Result", result), el("ResponseMetadata", el("RequestId", requestID)))
	root.Namespace = namespace
	return xmlAnswer(root)
}

// ec2Answer is an answer of EC2.
//
// https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html
func ec2Answer(operation string, result ...element) answer {
	root := el(operation+"Response", el("requestId", requestID), result)
	root.Namespace = "http://ec2.amazonaws.com/doc/2016-11-15/"
	return xmlAnswer(root)
}
