package consumer

import "cosmossdk.io/math"

// DefaultMaxSpend is 100 ALITA.
const DefaultMaxSpend = 100_000_000

// checkSpend refuses to pay more than the request allows where the node names the amount: the budget follows from the rows and
// the seats' fees that it shows, and the draw fee is its word, too.
func (r Request) checkSpend(q *Quote) error {
	limit := r.MaxSpend
	if limit.IsNil() {
		limit = math.NewInt(DefaultMaxSpend)
	}
	spends := q.DrawFee
	if r.Budget.IsNil() {
		spends = spends.Add(q.Spec.Budget.Alita)
	}
	if spends.GT(limit) {
		return fieldError("max-spend", "expected at most %sualita for what the node names, got %sualita: %sualita of budget for %d records with %d rows, "+
			"and a draw fee of %sualita; if that is right, name the budget, or a higher bound", limit, spends, q.Spec.Budget.Alita, q.Records, q.Rows, q.DrawFee)
	}
	return nil
}
