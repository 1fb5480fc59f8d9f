package fakeaws

import (
	"encoding/xml"
	"net/http"
	"strconv"
	"time"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/answer"
)

// RequestID is the id of every answer.
const RequestID = "00000000-0000-4000-8000-000000000000"

// The content types of AWS's answers.
const (
	JSONType = "application/x-amz-json-1.1"
	XMLType  = "text/xml;charset=UTF-8"
)

// jsonAnswer is an answer of the AWS JSON protocol.
//
// https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
func jsonAnswer(v any) answer.Answer {
	a := answer.JSON(http.StatusOK, v)
	a.ContentType = JSONType
	return a
}

// jsonError is an error of the AWS JSON protocol.
func jsonError(code, message string) answer.Answer {
	a := jsonAnswer(map[string]string{"__type": code, "message": message})
	a.Status = http.StatusBadRequest
	return a
}

// xmlAnswer is an answer in XML.
func xmlAnswer(v any) answer.Answer {
	body, err := xml.Marshal(v)
	if err != nil {
		panic(err) // the answers are plain data
	}
	return answer.Answer{Status: http.StatusOK, ContentType: XMLType, Body: append([]byte(xml.Header), body...)}
}

// xmlError is an error document.
func xmlError(document element) answer.Answer {
	a := xmlAnswer(document)
	a.Status = http.StatusBadRequest
	return a
}

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
func queryAnswer(namespace, operation string, result ...element) answer.Answer {
	root := el(operation+"Response", el(operation+"Result", result), el("ResponseMetadata", el("RequestId", RequestID)))
	root.Namespace = namespace
	return xmlAnswer(root)
}

// ec2Answer is an answer of EC2.
//
// https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html
func ec2Answer(operation string, result ...element) answer.Answer {
	root := el(operation+"Response", el("requestId", RequestID), result)
	root.Namespace = "http://ec2.amazonaws.com/doc/2016-11-15/"
	return xmlAnswer(root)
}
