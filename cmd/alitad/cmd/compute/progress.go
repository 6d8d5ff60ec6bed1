package compute

import (
	"fmt"
	"io"
	"os"

	"github.com/alita-network/alita/client/consumer"
	"github.com/alita-network/alita/x/compute/types"
)

// progress is one line that is rewritten on a terminal, and a line for each
// change elsewhere.
type progress struct {
	out      io.Writer
	terminal bool
	last     string
}

func newProgress(out io.Writer) *progress {
	p := &progress{out: out}
	if f, ok := out.(*os.File); ok {
		info, err := f.Stat()
		p.terminal = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return p
}

// event shows something that happened to a job.
func (p *progress) event(e consumer.Event) {
	switch e := e.(type) {
	case consumer.JobSeen:
		p.job(e.Job, e.Height)
	case consumer.RoundVerified:
		p.line(fmt.Sprintf("round %d verified: %s", e.Number, e.Round.Text()))
	case consumer.RoundUnreadable:
		p.line(e.Err.Error())
	case consumer.SumDisputed:
		p.line(fmt.Sprintf("%s; disputing it: the seat loses its bond, the round starts again", e.Err))
	}
}

func (p *progress) job(job types.Job, height int64) {
	line := phaseLine(job)
	if p.terminal {
		if left := job.DeadlineHeight - height; job.Open() && left >= 0 {
			line += fmt.Sprintf(", %d blocks left", left)
		}
		if line != p.last {
			fmt.Fprintf(p.out, "\r\x1b[K%s", line)
		}
	} else if line != p.last {
		fmt.Fprintln(p.out, line)
	}
	p.last = line
}

// line shows something that stays.
func (p *progress) line(text string) {
	if p.terminal && p.last != "" {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
	fmt.Fprintln(p.out, text)
	if p.terminal {
		p.last = ""
	}
}

func (p *progress) end() {
	if p.terminal && p.last != "" {
		fmt.Fprintln(p.out)
	}
}

// phaseLine describes the phase of a job.
func phaseLine(job types.Job) string {
	line := phaseText(job)
	if !job.IsSecure() || !job.Open() {
		return line
	}
	at := ""
	if job.Spec.Secure.Rounds > 1 {
		at = fmt.Sprintf("round %d", job.Round)
	}
	if job.Attempt > 1 {
		if at != "" {
			at += ", "
		}
		at += fmt.Sprintf("attempt %d", job.Attempt)
	}
	if at != "" {
		at += ": "
	}
	return at + line
}

func phaseText(job types.Job) string {
	until := fmt.Sprintf("until block %d", job.DeadlineHeight)
	switch job.Status {
	case types.JOB_STATUS_SEATING:
		if len(job.Seats) < int(job.Spec.Secure.Seats) {
			return fmt.Sprintf("seating: %d seats are drawn", int(job.Spec.Secure.Seats)-len(job.Seats))
		}
		return fmt.Sprintf("seating: %d of %d seats taken, %s", job.Seated(), len(job.Seats), until)
	case types.JOB_STATUS_CONTRIBUTING:
		return fmt.Sprintf("contributing: %d owners of %d to %d, %s", job.Owners, job.Spec.MinCohort, job.Spec.MaxCohort, until)
	case types.JOB_STATUS_DELIVERING:
		return fmt.Sprintf("delivering: %d of %d vectors, %s", job.Delivered, job.Contributions, until)
	case types.JOB_STATUS_VERIFYING:
		return fmt.Sprintf("verifying: %d of %d contributions judged, %d valid, %s", job.Judged, job.Contributions, job.Valid, until)
	case types.JOB_STATUS_CONTESTING:
		return fmt.Sprintf("contesting: %d of %d contributions were found invalid, %s", job.Judged-job.Valid, job.Judged, until)
	case types.JOB_STATUS_AGGREGATING:
		return fmt.Sprintf("aggregating: %d of %d seats have opened the sum of %d owners, %s", job.Opened(), len(job.Seats), job.ValidOwners, until)
	case types.JOB_STATUS_READING:
		return fmt.Sprintf("reading: the sum of %d owners, %s", job.ValidOwners, until)
	case types.JOB_STATUS_WAITING:
		return fmt.Sprintf("waiting for the next round, %s", until)
	case types.JOB_STATUS_SETTLING:
		return "settling"
	case types.JOB_STATUS_SETTLED:
		return "settled"
	default:
		return "failed: " + failureText(job)
	}
}

// failureText says in words why a job failed, and what to do next.
func failureText(job types.Job) string {
	rest := "the whole budget has returned"
	if job.Round > 1 {
		rest = "what the rounds before have not cost has returned"
	}
	switch job.Failure {
	case types.FAILURE_REASON_COHORT:
		if job.IsSecure() && job.Judged > 0 {
			return fmt.Sprintf("%d of %d contributions were valid, of %d owners, %d were needed; nothing was readable, %s",
				job.Valid, job.Judged, job.ValidOwners, job.Spec.MinCohort, rest)
		}
		return fmt.Sprintf("%d owners contributed, %d were needed; %s. `alitad query metadata records %d` lists the records, whose grants may ask for a higher --%s%s; "+
			"the owners' workers may also have policies that name neither the program nor its author",
			job.Owners, job.Spec.MinCohort, rest, job.Spec.PoolId, flagPrice, privacyHint(job))
	case types.FAILURE_REASON_DELIVERY:
		return fmt.Sprintf("%d owners delivered, %d were needed; those were paid, the rest of the budget has returned", job.DeliveredOwners, job.Spec.MinCohort)
	case types.FAILURE_REASON_CANCELLED:
		return "it was cancelled; the whole budget has returned"
	case types.FAILURE_REASON_SEATS:
		return fmt.Sprintf("there were too few seats, or too many of them silent or wrong (%d lost in %d attempts); nothing was readable, %s. `alitad query compute seats` lists them; try again",
			len(job.Lost), job.Attempt, rest)
	case types.FAILURE_REASON_PANEL:
		return fmt.Sprintf("%d of the %d members of the panels have contributed, %d of them validly; one that is silent, invalid or has left fails the whole job; "+
			"nothing was readable, %s. `alitad query metadata panel %s` lists the members", job.Owners, job.Spec.MinCohort, job.ValidOwners, rest, job.Spec.Panels[0])
	default:
		return job.Failure.String()
	}
}

// privacyHint says what of privacy may have kept owners away.
func privacyHint(job types.Job) string {
	if job.MicroRho == 0 {
		return ""
	}
	return fmt.Sprintf(", or whose privacy budgets have less left than the %d millionths of rho that this noise is charged", job.MicroRho)
}
