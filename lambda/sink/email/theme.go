package email

// The look of the mail. Every element carries its basic look inline, because
// some clients drop style sheets; the style sheet adds what cannot be inline:
// narrow windows and dark mode. Tables and the part for Outlook ("mso"), which
// has no max-width, make the layout hold where nothing newer is understood.
const (
	font = `font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif`
	mono = `font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace`
	// wrap breaks words that are longer than the window is wide.
	wrap = `word-wrap:break-word;overflow-wrap:anywhere;word-break:break-word`

	ink  = `#1b1f24`
	dim  = `#5f6874`
	rule = `#e6e9ed`

	// pre is the look of lines as a program wrote them.
	pre = `padding:10px 12px;border:1px solid ` + rule + `;border-radius:7px;background:#f6f8fa;color:#30363d;font-size:12px;line-height:18px;white-space:pre-wrap;` + wrap + `;` + mono

	top = `<!DOCTYPE html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width,initial-scale=1" />
<meta name="color-scheme" content="light dark" />
<meta name="supported-color-schemes" content="light dark" />
<meta name="format-detection" content="telephone=no,date=no,address=no,email=no,url=no" />
<meta name="x-apple-disable-message-reformatting" />
<style>
:root{color-scheme:light dark;supported-color-schemes:light dark}
summary{cursor:pointer}
@media (max-width:520px){
.page{padding:0!important}
.card{border:0!important;border-radius:0!important}
.pad{padding-left:20px!important;padding-right:20px!important}
.label{width:94px!important;padding-right:10px!important}
}
@media (prefers-color-scheme:dark){
.page{background:#0e1116!important}
.card{background:#171b21!important;border-color:#2a3038!important}
.ink{color:#e8eaed!important}
.dim{color:#9aa4b1!important}
.link{color:#82b4ff!important}
.label,.value,.rule{border-color:#2a3038!important}
.code{background:#0e1116!important;color:#c9d1d9!important;border-color:#2a3038!important}
.main{background:#e8eaed!important;border-color:#e8eaed!important}
.main a{color:#171b21!important}
.more{border-color:#3d4550!important}
.more a{color:#e8eaed!important}
}
</style>
<!--[if mso]><style>td,a,h1,span,div{font-family:'Segoe UI',Arial,sans-serif}</style><![endif]-->
`
	open = `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td class="page" align="center" bgcolor="#f3f5f7" style="padding:28px 12px;background:#f3f5f7">
<!--[if mso]><table role="presentation" width="640" cellpadding="0" cellspacing="0"><tr><td><![endif]-->
<table class="card" role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#ffffff" style="max-width:640px;table-layout:fixed;border-collapse:separate;background:#ffffff;border:1px solid #dfe3e8;border-radius:10px;overflow:hidden;text-align:left;` + font + `">
`
	end = `</table>
<!--[if mso]></td></tr></table><![endif]-->
</td></tr></table>
</body>
</html>
`
)
