package compute

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/client"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"

	"github.com/alita-network/alita/client/tx"
	"github.com/alita-network/alita/cmd/alitad/cmd/txflags"
	"github.com/alita-network/alita/x/compute/types"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// run opens the job that is asked for and sees it through.
func run(ctx context.Context, cmd *cobra.Command, clientCtx client.Context, r request) error {
	status, err := clientCtx.Client.Status(ctx)
	if err != nil {
		return fmt.Errorf("node %s: %w", clientCtx.NodeURI, err)
	}
	r.chainID = status.NodeInfo.Network
	checkNodes, err := cmd.Flags().GetStringArray(flagCheckNode)
	if err != nil {
		return err
	}
	// Before anything is paid: a job whose second node cannot be asked would stand.
	if _, err := openWitnesses(ctx, clientCtx, r.chainID, checkNodes); err != nil {
		return err
	}
	if err := prepareJob(ctx, cmd, clientCtx, &r); err != nil {
		return err
	}
	salt := make([]byte, types.SaltSize)
	if _, err := rand.Read(salt); err != nil {
		return err
	}
	consumer := clientCtx.GetFromAddress()
	saved := savedRun{
		ChainID: r.chainID, JobID: types.JobID(consumer, salt), From: clientCtx.FromName, Question: r.question, CheckNodes: checkNodes,
	}
	saved.Plot, _ = cmd.Flags().GetString(flagPlot)
	key, err := saved.addKey()
	if err != nil {
		return err
	}
	public := key.Public()
	r.spec.ReaderKey = public.Bytes()
	msg := &types.MsgOpenJob{Salt: salt, Spec: r.spec}
	if msg.Consumer, err = addressCodec(clientCtx).BytesToString(consumer); err != nil {
		return err
	}
	if err := saved.create(clientCtx.HomeDir); err != nil {
		return fmt.Errorf("keep the reader's key: %w", err)
	}
	res, err := txflags.Send(ctx, clientCtx, cmd.Flags(), msg)
	switch {
	case errors.Is(err, tx.ErrPending):
		return fmt.Errorf("open the job: %w; go on with `alitad compute result %s`", err, saved.JobID)
	case err != nil:
		return errors.Join(fmt.Errorf("open the job: %w", err), forgetRun(clientCtx.HomeDir, saved.JobID))
	}
	if res == nil {
		return forgetRun(clientCtx.HomeDir, saved.JobID)
	}
	cmd.PrintErrf("job %s opened in block %d\n", saved.JobID, res.Height)
	return finish(ctx, cmd, clientCtx, &saved)
}

// prepareJob fills in what only the chain knows, and tells what the job costs.
func prepareJob(ctx context.Context, cmd *cobra.Command, clientCtx client.Context, r *request) error {
	queries := types.NewQueryClient(clientCtx)
	pool, err := datapooltypes.NewQueryClient(clientCtx).Pool(ctx, &datapooltypes.QueryPoolRequest{PoolId: r.spec.PoolId})
	if err != nil {
		return fmt.Errorf("pool %d: %w", r.spec.PoolId, err)
	}
	data := unit{symbol: pool.Pool.Symbol, base: pool.Pool.DataDenom}
	if err := checkColumns(ctx, metadatatypes.NewQueryClient(clientCtx), pool.Pool, r.question.columns()); err != nil {
		return err
	}
	program, err := queries.Program(ctx, &types.QueryProgramRequest{ProgramId: r.spec.ProgramId})
	if isNotFound(err) && r.shipped != nil {
		return fmt.Errorf("program %s is not on the chain: store it with `alitad tx compute store-program --shipped %s`", r.shipped.Name, r.shipped.Name)
	}
	if err != nil {
		return fmt.Errorf("program %s: %w", r.spec.ProgramId, err)
	}
	params, err := queries.Params(ctx, &types.QueryParamsRequest{})
	if err != nil {
		return err
	}
	quote, err := queries.QuoteJob(ctx, &types.QueryQuoteJobRequest{
		PoolId: r.spec.PoolId, ProgramId: r.spec.ProgramId, Columns: uint32(len(r.spec.Columns)),
		Length: r.spec.Length, PricePerMop: r.spec.PricePerMop.String(),
	})
	if err != nil {
		return fmt.Errorf("quote: %w", err)
	}
	if quote.Records < r.spec.MinCohort {
		return fmt.Errorf("pool %d has %d records: expected at least --%s %d", r.spec.PoolId, quote.Records, flagMinCohort, r.spec.MinCohort)
	}
	if r.spec.MaxCohort == 0 {
		r.spec.MaxCohort = min(quote.Records, params.Params.MaxCohort)
	}
	drawable, drawFee := 0, math.ZeroInt()
	if r.spec.Secure != nil {
		if drawable, err = r.prepareSecure(ctx, queries, r.chainID, program.Program, params.Params); err != nil {
			return err
		}
		drawFee = params.Params.DrawFee
	}
	if err := r.fillBudget(*quote, data); err != nil {
		return err
	}
	cmd.PrintErrf("%s over %d records of pool %d (%d rows): at most %d operations a round, %s and %s\n",
		program.Program.Name, quote.Records, r.spec.PoolId, quote.Rows, quote.Operations, alita.format(quote.FeeAlita), data.format(quote.FeeData))
	if s := r.spec.Secure; s != nil {
		cmd.PrintErrf("secure sum over %d of %d seats, each at most %s a contribution: at most %s a round; at most %d rounds\n",
			s.Seats, drawable, alita.format(s.MaxSeatFee), alita.format(r.seatsPart(*quote)), s.Rounds)
	}
	cmd.PrintErrf("into escrow: %s and %s; what is not used returns\n", alita.format(r.spec.Budget.Alita), data.format(r.spec.Budget.Data))
	if drawFee.IsPositive() {
		cmd.PrintErrf("the draw of the seats burns %s besides, which never returns\n", alita.format(drawFee))
	}
	return checkBalance(ctx, clientCtx, r.spec.Budget, drawFee, data, r.spec.PoolId)
}

// checkBalance says what is missing for the budget and the draw fee before the chain would.
func checkBalance(ctx context.Context, clientCtx client.Context, budget types.Funds, drawFee math.Int, data unit, poolID uint64) error {
	owner, err := addressCodec(clientCtx).BytesToString(clientCtx.GetFromAddress())
	if err != nil {
		return err
	}
	bank := banktypes.NewQueryClient(clientCtx)
	for _, coin := range (types.Funds{Alita: budget.Alita.Add(drawFee), Data: budget.Data}).Coins(poolID) {
		res, err := bank.SpendableBalanceByDenom(ctx, &banktypes.QuerySpendableBalanceByDenomRequest{Address: owner, Denom: coin.Denom})
		if err != nil {
			return err
		}
		if res.Balance.Amount.GTE(coin.Amount) {
			continue
		}
		u, hint := alita, ""
		if coin.Denom == data.base {
			u, hint = data, fmt.Sprintf("; buy %s with `alitad tx datapool swap %d AMOUNT`", data.symbol, poolID)
		}
		return fmt.Errorf("%s has %s: expected at least %s%s; fewer --%s, or --%s and --%s, put less into escrow",
			owner, u.format(res.Balance.Amount), u.format(coin.Amount), hint, flagRounds, flagBudget, flagDataBudget)
	}
	return nil
}
