package types

import (
	"cosmossdk.io/math"

	"github.com/alita-network/alita/terms"
)

// Open reports whether a job still holds money.
func (j Job) Open() bool {
	switch j.Status {
	case JOB_STATUS_SETTLED, JOB_STATUS_FAILED:
		return false
	default:
		return true
	}
}

// IsSecure reports whether the job is a secure sum.
func (j Job) IsSecure() bool { return terms.Delivery(j.Spec.Delivery).IsSecure() }

// Statement returns what the job states to the owners whose grants it needs.
func (j Job) Statement() terms.Job {
	t := terms.Job{
		Consumer: j.Consumer, ProgramID: j.Spec.ProgramId, Purpose: j.Spec.Purpose, PricePerMop: j.Spec.PricePerMop,
		MinCohort: j.Spec.MinCohort, Delivery: terms.Delivery(j.Spec.Delivery), DataPerAlita: j.DataPerAlita,
	}
	if s := j.Spec.Secure; s != nil {
		t.MicroRho = s.MicroRho
	}
	return t
}

// OverPanels reports whether the job runs over whole panels.
func (j Job) OverPanels() bool { return len(j.Spec.Panels) > 0 }

// Exact reports whether the reader gets an answer without noise.
func (j Job) Exact() bool { return j.Statement().Exact() }

// HasNoise reports whether every seat has handed in its noise, or needs to hand in none.
func (j Job) HasNoise() bool { return len(j.WithoutNoise()) == 0 }

// WithoutNoise lists the seats that have not handed in the noise that the job needs of each.
func (j Job) WithoutNoise() (seats []int) {
	if j.Exact() {
		return nil
	}
	for i, s := range j.Seats {
		if s.Noise == nil {
			seats = append(seats, i)
		}
	}
	return seats
}

// NoiseJudged reports whether the chain has decided on the noise of every seat.
func (j Job) NoiseJudged() bool {
	for _, s := range j.Seats {
		if s.Noise != nil && !s.Noise.Judged(len(j.Seats)) {
			return false
		}
	}
	return j.HasNoise()
}

// InvalidNoise lists the seats whose noise was found invalid.
func (j Job) InvalidNoise() (seats []int) {
	for i, s := range j.Seats {
		if s.Noise != nil && s.Noise.Status == CONTRIBUTION_STATUS_INVALID {
			seats = append(seats, i)
		}
	}
	return seats
}

// Judged reports whether all of so many seats have judged the noise.
func (n SeatNoise) Judged(seats int) bool { return n.Prepared == 1<<seats-1 }

// SeatNamed returns the number of the seat of an operator; false if it is none of the job's.
func (j Job) SeatNamed(operator string) (int, bool) {
	for i, s := range j.Seats {
		if s.Operator == operator {
			return i, true
		}
	}
	return 0, false
}

// PanelQuestion is what the present round of a whole job asks of each of its panels.
func (j Job) PanelQuestion() terms.PanelQuestion {
	q := terms.PanelQuestion{ProgramID: j.Spec.ProgramId, Columns: j.Spec.Columns, Length: j.Spec.Length, Input: j.Spec.Input}
	if s := j.Spec.Secure; s != nil {
		for _, r := range s.Ranges {
			q.Ranges = append(q.Ranges, terms.PanelRange{Count: r.Count, Low: r.Low, High: r.High})
		}
	}
	return q
}

// TooFew is why a job fails whose cohort is not reached: one over panels lacks a member.
func (j Job) TooFew() FailureReason {
	if j.OverPanels() {
		return FAILURE_REASON_PANEL
	}
	return FAILURE_REASON_COHORT
}

// Seated counts the seats that have given their keys.
func (j Job) Seated() int {
	n := 0
	for _, s := range j.Seats {
		if s.Status != SEAT_STATUS_DRAWN {
			n++
		}
	}
	return n
}

// Opened counts the seats that have opened their sums.
func (j Job) Opened() int {
	n := 0
	for _, s := range j.Seats {
		if s.Status == SEAT_STATUS_OPENED {
			n++
		}
	}
	return n
}

// Current reports whether a contribution was made to the present attempt of a job's round.
func (j Job) Current(c Contribution) bool {
	return c.Attestation.Round == j.Round && c.Attempt == j.Attempt
}

// Earned reports whether a contribution is to be paid: it was delivered, or is in a sum that could be read.
func (j Job) Earned(c Contribution) bool {
	if !j.IsSecure() {
		return c.Status == CONTRIBUTION_STATUS_DELIVERED
	}
	return c.Status == CONTRIBUTION_STATUS_VALID && j.Failure == FAILURE_REASON_UNSPECIFIED && j.Current(c)
}

// Readable reports whether a contribution could be read: it was delivered, or it was in a sum whose opening began. The last seat may
// know such a sum even if the attempt is void.
func (j Job) Readable(c Contribution) bool {
	if !j.IsSecure() {
		return c.Status == CONTRIBUTION_STATUS_DELIVERED
	}
	return c.Status == CONTRIBUTION_STATUS_VALID && c.Attestation.Round == j.Round && j.OpenedAttempts&attemptBit(c.Attempt) != 0
}

// BeginOpening notes that the sum of the present attempt can be opened from now on.
func (j *Job) BeginOpening() { j.OpenedAttempts |= attemptBit(j.Attempt) }

// attemptBit is the bit of an attempt, which is 1 to 17.
func attemptBit(attempt uint32) uint32 { return 1 << (attempt - 1) }

// SeatOf returns the number of the seat for which an account signs; false if it signs for none.
func (j Job) SeatOf(account string) (int, bool) {
	for i, s := range j.Seats {
		if s.Account == account {
			return i, true
		}
	}
	return 0, false
}

// SeatsFee is the sum of the seats' fees for a contribution, in ualita.
func (j Job) SeatsFee() math.Int {
	sum := math.ZeroInt()
	for _, s := range j.Seats {
		sum = sum.Add(s.Fee)
	}
	return sum
}

// Full reports whether the job has as many owners as it wants.
func (j Job) Full() bool { return j.Owners >= j.Spec.MaxCohort }

// Held is the balance of the job's escrow, by its books.
func (j Job) Held() Funds { return j.Spec.Budget.Sub(j.Paid).Sub(j.Refunded) }

// Settled reports whether a contribution is paid, or will never be.
func (c Contribution) Settled() bool {
	return c.Status == CONTRIBUTION_STATUS_PAID || c.Status == CONTRIBUTION_STATUS_UNPAID
}

// Complete reports whether nothing more can come in the present phase, so that the
// job need not wait for its deadline.
func (j Job) Complete() bool {
	switch j.Status {
	case JOB_STATUS_CONTRIBUTING:
		return j.Full() && j.HasNoise()
	case JOB_STATUS_DELIVERING:
		return j.Delivered == j.Contributions
	case JOB_STATUS_SEATING:
		return len(j.Seats) == int(j.Spec.Secure.Seats) && j.Seated() == len(j.Seats)
	case JOB_STATUS_VERIFYING:
		return j.Judged == j.Contributions && j.NoiseJudged()
	case JOB_STATUS_AGGREGATING:
		return j.Opened() == len(j.Seats)
	case JOB_STATUS_CONTESTING, JOB_STATUS_READING, JOB_STATUS_WAITING:
		return false
	default:
		return true
	}
}

// PhaseBlocks is the length of the window of the present phase, in blocks; zero if it has none.
func (j Job) PhaseBlocks() int64 {
	secure := j.Spec.Secure
	if secure == nil {
		secure = &SecureSum{}
	}
	switch j.Status {
	case JOB_STATUS_CONTRIBUTING:
		return int64(j.Spec.ContributeBlocks)
	case JOB_STATUS_DELIVERING:
		return int64(j.Spec.DeliverBlocks)
	case JOB_STATUS_SEATING:
		return max(1, int64(secure.SeatBlocks))
	case JOB_STATUS_VERIFYING, JOB_STATUS_CONTESTING:
		return int64(secure.VerifyBlocks)
	case JOB_STATUS_AGGREGATING, JOB_STATUS_READING:
		return int64(secure.OpenBlocks)
	case JOB_STATUS_WAITING:
		return int64(secure.NextBlocks)
	default:
		return 0
	}
}

// restBlocks is for how long a silent seat is not drawn, unless it answers before. It is short: a seat that is back has no other way to say
// so, and a small network needs it.
const restBlocks = 30

// Rests reports whether a seat is not drawn at a height because it was silent and has not answered since.
func (s Seat) Rests(height int64) bool { return s.Away && height < s.SilentHeight+restBlocks }
