package history

import (
	"fmt"
	"io"
	"strings"

	"github.com/alita-network/alita/x/compute/types"
)

// Print writes a history for people, in order: what the job asks, what happened, how it stands.
func (h Job) Print(out io.Writer) error {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	j := h.Job
	line("job %s of %s", j.Id, j.Consumer)
	line("  pool %d, program %s, columns %s, %s", j.Spec.PoolId, j.Spec.ProgramId, strings.Join(j.Spec.Columns, " "), j.Spec.Delivery)
	line("  purpose: %s", j.Spec.Purpose)
	line("  cohort %d to %d, budget %s, price %sualita per million operations", j.Spec.MinCohort, j.Spec.MaxCohort, funds(j.Spec.Budget), j.Spec.PricePerMop)
	line("opened at height %d", j.OpenedHeight)

	line("\nwhat happened")
	if h.Unindexed != "" {
		line("  not known: the node has no index of events: %s", h.Unindexed)
	}
	for _, e := range h.Events {
		line("  %8d  %s%s", e.Height, strings.TrimPrefix(e.Name, "Event"), attributes(e))
	}

	line("\nseats")
	for i, s := range j.Seats {
		line("  %d %s: %s, fee %sualita, prepared %d of %d", i, s.Operator, s.Status, s.Fee, s.Prepared, j.Contributions)
	}
	for _, l := range j.Lost {
		line("  lost %s: %s in round %d, attempt %d", l.Operator, l.Fault, l.Round, l.Attempt)
	}

	line("\ncontributions")
	for _, c := range h.Contributions {
		a := c.Attestation
		line("  %8d  record %s %s, round %d, attempt %d: %s, %d rows, %d operations, fee %s", c.Height, a.RecordId, a.Version,
			a.Round, c.Attempt, c.Status, a.Rows, a.Operations, funds(c.Fee))
		if c.Prepared|c.Refused != 0 {
			line("            prepared by seats %s, refused by seats %s", seats(c.Prepared), seats(c.Refused))
		}
	}

	line("\nrounds")
	for _, r := range h.Rounds {
		line("  %d, attempt %d: %d valid of %d owners, %d sums", r.Round, r.Attempt, r.Valid, r.Owners, len(r.Sums))
	}

	line("\nnow: %s, failure %s, round %d, attempt %d, deadline at height %d", j.Status, j.Failure, j.Round, j.Attempt, j.DeadlineHeight)
	line("  reserved %s, paid %s, refunded %s", funds(j.Reserved), funds(j.Paid), funds(j.Refunded))
	_, err := io.WriteString(out, b.String())
	return err
}

func funds(f types.Funds) string { return fmt.Sprintf("%sualita and %s data", f.Alita, f.Data) }

func attributes(e Event) string {
	var b strings.Builder
	for _, a := range e.Attributes {
		fmt.Fprintf(&b, " %s=%s", a.Key, strings.Trim(a.Value, `"`))
	}
	return b.String()
}

// seats lists the set bits of a mask.
func seats(mask uint32) string {
	var list []string
	for i := range 32 {
		if mask>>i&1 == 1 {
			list = append(list, fmt.Sprint(i))
		}
	}
	if len(list) == 0 {
		return "none"
	}
	return strings.Join(list, ",")
}
