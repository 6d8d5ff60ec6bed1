package consumer

// CheckSpend is checkSpend.
func (r Request) CheckSpend(q *Quote) error { return r.checkSpend(q) }
