package email

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/notice"
)

// explain marks the errors that another attempt would not fix, and says what a
// person can do about them. Throttling, SES's own troubles and a broken
// connection stay transient.
func explain(err error, cfg wire.Email) error {
	if err == nil {
		return nil
	}
	err = fmt.Errorf("send mail from %s: %w", notice.Line(cfg.From), err)
	var e *awsapi.Error
	if !errors.As(err, &e) || e.Retryable() || e.Status < 400 {
		return err
	}
	if advice := advice(e, cfg); advice != "" {
		err = fmt.Errorf("%w: %s", err, advice)
	}
	return notice.Permanent(err)
}

// advice says what to do about an error that will not go away by itself.
//
// https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html#API_SendEmail_Errors
// https://docs.aws.amazon.com/ses/latest/dg/troubleshoot-error-messages.html
func advice(e *awsapi.Error, cfg wire.Email) string {
	region := cmp.Or(notice.Line(e.Call.Region), "this region")
	switch e.Code {
	case "MessageRejected":
		return adviceIfRejected(e.Message, region)
	case "MailFromDomainNotVerifiedException":
		return "in SES in " + region + ", verify the sender's domain and the MX record of its custom MAIL FROM domain, or let SES fall back to its own"
	case "NotFoundException":
		return adviceIfNotFound(cfg, region)
	case "AccountSuspendedException":
		return "AWS has suspended the account's permission to send mail in " + region + ": answer the case that AWS Support opened"
	case "SendingPausedException":
		return "sending is paused in " + region + " for the account or the configuration set: resume it in SES once its cause is gone"
	case "AccessDeniedException", "AccessDenied":
		return adviceIfDenied(cfg)
	case "BadRequestException", "ValidationException":
		return "correct the sink's addresses and names; a mail has at most 50 recipients"
	}
	return ""
}

func adviceIfRejected(message, region string) string {
	if !strings.Contains(strings.ToLower(message), "not verified") {
		return "change what SES objects to, then send the delivery again from the dead-letter queue"
	}
	return "verify the identities named above in SES in " + region +
		"; while the account is in the SES sandbox there, every recipient must be verified too, or ask AWS for production access"
}

func adviceIfNotFound(cfg wire.Email, region string) string {
	if cfg.ConfigurationSet == "" {
		return "verify the sender's identity in SES in " + region
	}
	return "create the configuration set " + notice.Line(cfg.ConfigurationSet) + " in SES in " + region + ", or name one that exists there"
}

func adviceIfDenied(cfg wire.Email) string {
	if cfg.IdentityARN != "" {
		return "allow the notifier's role ses:SendEmail, also in the sending authorization policy of " + notice.Line(cfg.IdentityARN)
	}
	return "allow the notifier's role ses:SendEmail with the sender's identity and the configuration set; while the account is in the SES sandbox there, with the recipients' identities too"
}
