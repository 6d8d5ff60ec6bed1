package types

// Terms are the part of a job that stays for its life.
func (j Job) Terms() JobTerms {
	spec := j.Spec
	spec.Input, spec.ReaderKey = nil, nil
	return JobTerms{
		Consumer: j.Consumer, Spec: spec, OpenedHeight: j.OpenedHeight, OpenedAt: j.OpenedAt, DataPerAlita: j.DataPerAlita,
		StakersFeePpm: j.StakersFeePpm, Vdaf: j.Vdaf, MicroRho: j.MicroRho, DrawFee: j.DrawFee,
	}
}

// Question is the part that stays for a round.
func (j Job) Question() JobQuestion {
	return JobQuestion{Input: j.Spec.Input, ReaderKey: j.Spec.ReaderKey}
}

// Seating is the part that the seats change.
func (j Job) Seating() JobSeats {
	return JobSeats{
		Seats: j.Seats, Lost: j.Lost, VerifyKey: j.VerifyKey, Judged: j.Judged, Valid: j.Valid, ValidOwners: j.ValidOwners,
		OpenedAttempts: j.OpenedAttempts, ValidRows: j.ValidRows,
	}
}

// Progress is the part that contributions change.
func (j Job) Progress() JobProgress {
	return JobProgress{
		Status: j.Status, Failure: j.Failure, DeadlineHeight: j.DeadlineHeight, Round: j.Round, Attempt: j.Attempt,
		Owners: j.Owners, Contributions: j.Contributions, Delivered: j.Delivered, DeliveredOwners: j.DeliveredOwners,
		Operations: j.Operations, Reserved: j.Reserved, Paid: j.Paid, Refunded: j.Refunded,
		Settled: j.Settled, SettledOperations: j.SettledOperations, AskedHeight: j.AskedHeight,
	}
}

// JoinJob returns the job of these parts, without its question. Direct delivery has no seats.
func JoinJob(id string, t JobTerms, s JobSeats, p JobProgress) Job {
	return Job{
		Id: id, Consumer: t.Consumer, Spec: t.Spec, OpenedHeight: t.OpenedHeight, OpenedAt: t.OpenedAt, DataPerAlita: t.DataPerAlita,
		StakersFeePpm: t.StakersFeePpm, Vdaf: t.Vdaf, MicroRho: t.MicroRho, DrawFee: t.DrawFee,
		Seats: s.Seats, Lost: s.Lost, VerifyKey: s.VerifyKey, Judged: s.Judged, Valid: s.Valid, ValidOwners: s.ValidOwners,
		OpenedAttempts: s.OpenedAttempts, ValidRows: s.ValidRows,
		Status: p.Status, Failure: p.Failure, DeadlineHeight: p.DeadlineHeight, Round: p.Round, Attempt: p.Attempt,
		Owners: p.Owners, Contributions: p.Contributions, Delivered: p.Delivered, DeliveredOwners: p.DeliveredOwners,
		Operations: p.Operations, Reserved: p.Reserved, Paid: p.Paid, Refunded: p.Refunded,
		Settled: p.Settled, SettledOperations: p.SettledOperations, AskedHeight: p.AskedHeight,
	}
}

// WithQuestion returns the job with its question.
func (j Job) WithQuestion(q JobQuestion) Job {
	j.Spec.Input, j.Spec.ReaderKey = q.Input, q.ReaderKey
	return j
}
