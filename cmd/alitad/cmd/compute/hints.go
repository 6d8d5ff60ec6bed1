package compute

import (
	"errors"
	"fmt"
	"strings"

	"github.com/cosmos/cosmos-sdk/client/flags"

	"github.com/alita-network/alita/client/consumer"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
)

// hinted adds to an error of the library which flag or command mends it.
func hinted(err error) error {
	var (
		field      *consumer.FieldError
		labels     *consumer.LabelsError
		failed     *consumer.FailedError
		unfinished *consumer.UnfinishedError
	)
	switch {
	case errors.Is(err, consumer.ErrNoPanels):
		return fmt.Errorf("--%w; ask with --%s, or name panels: `alitad query metadata panels POOL` lists them", err, flagNoise)
	case errors.As(err, &field):
		return fmt.Errorf("--%w", err)
	case errors.As(err, &labels):
		return fmt.Errorf("%s: expected the texts that are to count as 0, 1 and so on, as in --%s '%s=%s', got none; codes are texts, too. "+
			"All others count as missing, or with a * at the end as a category of their own",
			labels.Subject(), flagLabels, labels.Column, strings.Join(labels.Labels, ","))
	case errors.As(err, &failed):
		return fmt.Errorf("job %s failed: %s", failed.Job.Id, failureText(failed.Job))
	case errors.Is(err, consumer.ErrNode):
		return fmt.Errorf("%w; ask another one with --%s", err, flags.FlagNode)
	case errors.Is(err, consumer.ErrNodesDiffer):
		return fmt.Errorf("%w; ask a third one with --%s", err, flagCheckNode)
	case errors.As(err, &unfinished):
		return fmt.Errorf("%w; go on with `alitad compute result %s`", err, unfinished.JobID)
	case errors.Is(err, consumer.ErrPriceMoved):
		return fmt.Errorf("%w; nothing is in escrow: run the command again for a quote at the price now", err)
	case errors.Is(err, consumer.ErrTooLarge):
		return fmt.Errorf("%w; ask for fewer columns, bins or --%s, or give smaller --%s or --%s", err, flagSeats, flagBits, flagMaxRows)
	case errors.Is(err, consumer.ErrSeats):
		return fmt.Errorf("--%w; `alitad query compute seats` lists the seats with their fees, --%s pays more", err, flagSeatFee)
	}
	return err
}

// hintedQuote adds what only the flags of a run know.
func hintedQuote(err error, r request) error {
	if errors.Is(err, consumer.ErrNotStored) {
		return fmt.Errorf("%w: store it with `alitad tx compute store-program --shipped %s`", err, r.Question.Parameters.Program)
	}
	return hinted(err)
}

// hintedBalance says in the units that people use how much is missing, and where to get it.
func hintedBalance(err error, pool datapooltypes.Pool) error {
	var balance *consumer.BalanceError
	if !errors.As(err, &balance) {
		return hinted(err)
	}
	u, hint := alita, ""
	if balance.Needs.Denom == pool.DataDenom {
		u = unit{symbol: pool.Symbol, base: pool.DataDenom}
		hint = fmt.Sprintf("; buy %s with `alitad tx datapool swap %d AMOUNT`", pool.Symbol, pool.Id)
	}
	return fmt.Errorf("balance of %s: expected at least %s, got %s%s; fewer --%s, or --%s and --%s, put less into escrow",
		balance.Account, u.format(balance.Needs.Amount), u.format(balance.Has.Amount), hint, flagRounds, flagBudget, flagDataBudget)
}
