package compute

import (
	"io"
	"strings"
	"text/tabwriter"

	"github.com/alita-network/alita/client/consumer"
)

// What the tests need to see of the commands' parts.
var (
	ShippedMsg    = shippedMsg
	ReadMeta      = readMeta
	ReadRequest   = readRequest
	AddFlags      = addRequestFlags
	FailureText   = failureText
	PhaseLine     = phaseLine
	Hinted        = hinted
	HintedBalance = hintedBalance
)

// ParseAlita and FormatAlita are amounts of ALITA as people write them.
var (
	ParseAlita  = alita.parse
	FormatAlita = alita.format
	FormatPrice = alita.price
)

// NewProgress shows events.
func NewProgress(out io.Writer) func(consumer.Event) { return newProgress(out).event }

// BillText is a bill as people see it.
func BillText(b consumer.Bill) string {
	var out strings.Builder
	w := tabwriter.NewWriter(&out, 0, 0, 2, ' ', tabwriter.AlignRight)
	report{Bill: b, data: unit{symbol: "HOURS", base: "data/1"}}.writeBill(w)
	_ = w.Flush()
	return out.String()
}

// ChargeText is what is said of the charge before anything is paid.
var ChargeText = chargeText
