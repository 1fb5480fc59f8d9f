package page

import _ "embed"

// style is the look of the page. Its selectors begin with the page's own classes, for a
// widget is part of someone else's page.
//
//go:embed style.css
var style string
