package worker

import (
	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/terms"
)

// checkNoise checks the ranges of a row program's slots and their noise: that a row discloses no more than the record is charged, that the
// sum of the record's rows fits the slots whatever they hold, and that the privacy budget has enough left. All of it is public, and no file is
// open yet.
func checkNoise(c Candidate) *Decline {
	if !c.Job.IsSecure() {
		if c.Program.Row {
			return final("delivery of a row program: expected %s, got %s", chain.DeliverySecureSum, c.Job.Spec.Delivery)
		}
		return nil
	}
	sum := c.Job.SecureSum("")
	if err := sum.CheckRanges(c.Program.Program); err != nil {
		return final("ranges of the job: %s", err)
	}
	if err := sum.CheckRows(c.Program.Program, c.Version.Content.Commitment.Rows); err != nil {
		return final("rows of the record: %s", err)
	}
	if c.Job.MicroRho != sum.MicroRho {
		return final("micro_rho: expected %d, as the job states, the node says %d", sum.MicroRho, c.Job.MicroRho)
	}
	reserved := c.Record.PrivacyReserved
	if repeated(c.Job) {
		reserved -= min(reserved, c.Job.MicroRho)
	}
	if _, err := terms.ReservePrivacy(c.Record.PrivacyBudget, c.Record.PrivacySpent, reserved, c.Job.MicroRho); err != nil {
		return open("privacy budget of the record: %s", err)
	}
	return nil
}
