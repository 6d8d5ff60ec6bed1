package types

// Open tells whether a job still holds money.
func (j Job) Open() bool {
	switch j.Status {
	case JOB_STATUS_CONTRIBUTING, JOB_STATUS_DELIVERING, JOB_STATUS_SETTLING:
		return true
	default:
		return false
	}
}

// Full tells whether the job has as many owners as it wants.
func (j Job) Full() bool { return j.Owners >= j.Spec.MaxCohort }

// Held is what the escrow of the job holds.
func (j Job) Held() Funds { return j.Spec.Budget.Sub(j.Paid).Sub(j.Refunded) }

// Settled tells whether a contribution has got what it will get.
func (c Contribution) Settled() bool {
	return c.Status == CONTRIBUTION_STATUS_PAID || c.Status == CONTRIBUTION_STATUS_UNPAID
}

// Complete tells whether nothing more can come in the present phase, so that the
// job need not wait for its deadline.
func (j Job) Complete() bool {
	switch j.Status {
	case JOB_STATUS_CONTRIBUTING:
		return j.Full()
	case JOB_STATUS_DELIVERING:
		return j.Delivered == j.Contributions
	default:
		return true
	}
}
