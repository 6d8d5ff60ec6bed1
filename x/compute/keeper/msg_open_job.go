package keeper

import (
	"context"

	errorsmod "cosmossdk.io/errors"
	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"

	"github.com/alita-network/alita/crypto/securesum"
	"github.com/alita-network/alita/internal/modulekit"
	"github.com/alita-network/alita/x/compute/types"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
)

// OpenJob implements types.MsgServer: it checks a job, burns the fee for its opening, puts its budget into the job's own escrow and opens the window for contributions.
func (k msgServer) OpenJob(ctx context.Context, msg *types.MsgOpenJob) (*types.MsgOpenJobResponse, error) {
	consumer, payer, err := k.account("consumer", msg.Consumer)
	if err != nil {
		return nil, err
	}
	if len(msg.Salt) != types.SaltSize {
		return nil, errorsmod.Wrapf(types.ErrInvalidJob, "salt: expected %d bytes, got %d", types.SaltSize, len(msg.Salt))
	}
	params, err := k.Params.Get(ctx)
	if err != nil {
		return nil, err
	}
	spec := msg.Spec
	if err := spec.Validate(params); err != nil {
		return nil, err
	}
	if _, err := deliveryOf(spec.Delivery); err != nil {
		return nil, err
	}
	if _, err := k.datapoolKeeper.Pool(ctx, spec.PoolId); err != nil {
		return nil, err
	}
	program, err := k.Program(ctx, spec.ProgramId)
	if err != nil {
		return nil, err
	}
	columns := uint32(len(spec.Columns))
	if err := program.Shape.Check(columns, spec.Length); err != nil {
		return nil, err
	}
	dataPerAlita, err := k.datapoolKeeper.DataPerAlita(ctx, spec.PoolId)
	if err != nil {
		return nil, err
	}
	if err := types.ValidatePrice(dataPerAlita); err != nil {
		return nil, errorsmod.Wrapf(types.ErrOverflow, "price of the pool's Data Token: %s", err)
	}
	if dataPerAlita.GT(spec.MaxDataPerAlita) {
		return nil, errorsmod.Wrapf(types.ErrDataPrice, "max_data_per_alita: expected at least %s, the price now, got %s", dataPerAlita, spec.MaxDataPerAlita)
	}
	if spec.Delivery == types.DELIVERY_SECURE_SUM {
		if err := checkSecure(sdk.UnwrapSDKContext(ctx).ChainID(), spec, program, params); err != nil {
			return nil, err
		}
	}
	chargeRanges(ctx, spec)
	microRho, err := types.MicroRho(spec, program)
	if err != nil {
		return nil, err
	}
	if err := checkBudget(program, spec, dataPerAlita); err != nil {
		return nil, err
	}
	if err := k.checkPanels(ctx, types.Job{Spec: spec, DataPerAlita: dataPerAlita, MicroRho: microRho}, program); err != nil {
		return nil, err
	}
	id := types.JobID(consumer, msg.Salt)
	found, err := k.JobProgress.Has(ctx, id)
	if err != nil {
		return nil, err
	}
	if found {
		return nil, errorsmod.Wrapf(types.ErrJobExists, "salt: expected a new one, got the salt of job %s", id)
	}
	// What is left of the budget must be able to return.
	if k.bankKeeper.BlockedAddr(consumer) {
		return nil, errorsmod.Wrapf(types.ErrBlockedPayee, "consumer: expected an account that may receive coins, got %s", payer)
	}
	budget := spec.Budget.Coins(spec.PoolId)
	drawFee := params.OpenFee
	if spec.Delivery == types.DELIVERY_SECURE_SUM {
		drawFee = params.DrawFee
	}
	if err := k.checkSpendable(ctx, consumer, budget, drawFee); err != nil {
		return nil, err
	}

	sdkCtx := sdk.UnwrapSDKContext(ctx)
	height := sdkCtx.BlockHeight()
	job := types.Job{
		Id:             id,
		Consumer:       payer,
		Spec:           spec,
		Status:         types.JOB_STATUS_CONTRIBUTING,
		OpenedHeight:   height,
		DeadlineHeight: height + int64(spec.ContributeBlocks),
		DataPerAlita:   dataPerAlita,
		Reserved:       types.ZeroFunds(),
		Paid:           types.ZeroFunds(),
		Refunded:       types.ZeroFunds(),
		StakersFeePpm:  params.StakersFeePpm,
		OpenedAt:       sdkCtx.BlockTime(),
		Settled:        types.ZeroFunds(),
		MicroRho:       microRho,
		DrawFee:        drawFee,
		AskedHeight:    height,
	}
	chargeSteps(ctx, job)
	if job.IsSecure() {
		// The seats are drawn at the end of the next block, whose hash nobody knows yet.
		job.Status, job.DeadlineHeight = types.JOB_STATUS_SEATING, height+1
		job.Round, job.Attempt, job.Vdaf = 1, 1, securesum.Draft
	}
	if err := k.beginPanels(ctx, job); err != nil {
		return nil, err
	}
	if err := k.burnOpeningFee(ctx, consumer, drawFee); err != nil {
		return nil, errorsmod.Wrap(err, "fee for the opening")
	}
	if err := k.bankKeeper.SendCoins(ctx, consumer, types.EscrowAddress(id), budget); err != nil {
		return nil, errorsmod.Wrap(err, "escrow")
	}
	if err := k.addJob(ctx, job); err != nil {
		return nil, err
	}
	if err := k.schedule(ctx, job.DeadlineHeight, id); err != nil {
		return nil, err
	}
	return modulekit.Answer(&types.MsgOpenJobResponse{JobId: id, DeadlineHeight: job.DeadlineHeight}, modulekit.Emit(ctx, &types.EventJobOpened{
		JobId:          id,
		Consumer:       payer,
		PoolId:         spec.PoolId,
		ProgramId:      spec.ProgramId,
		Budget:         spec.Budget,
		DeadlineHeight: job.DeadlineHeight,
		DrawFee:        drawFee.String(),
	}))
}

// burnOpeningFee burns the fee for the draw of seats, or for opening a job without seats. It never returns, however the job ends.
// Otherwise a consumer could draw again for nothing until the seats suit it, or have the chain end jobs for nothing.
func (k *Keeper) burnOpeningFee(ctx context.Context, consumer sdk.AccAddress, fee math.Int) error {
	if !fee.IsPositive() {
		return nil
	}
	coins := sdk.NewCoins(sdk.NewCoin(datapooltypes.BaseDenom, fee))
	if err := k.bankKeeper.SendCoinsFromAccountToModule(ctx, consumer, types.ModuleName, coins); err != nil {
		return err
	}
	return k.bankKeeper.BurnCoins(ctx, types.ModuleName, coins)
}

// gasPerRange pays for the bound of the noise in a range, which is a root of a big number, and for its part in the hash of the protocol.
const gasPerRange = 100

// chargeRanges charges for judging the ranges of a job.
func chargeRanges(ctx context.Context, spec types.JobSpec) {
	if s := spec.Secure; s != nil && len(s.Ranges) > 0 {
		sdk.UnwrapSDKContext(ctx).GasMeter().ConsumeGas(gasPerRange*uint64(len(s.Ranges)), "judging ranges of slots")
	}
}

// checkSecure refuses a secure sum whose shares, or whose noise, no transaction could carry.
func checkSecure(chainID string, spec types.JobSpec, program types.Program, params types.Params) error {
	if spec.Secure.Bits > program.Bits {
		return errorsmod.Wrapf(types.ErrInvalidSecure, "secure.bits: expected at most the program's %d, got %d", program.Bits, spec.Secure.Bits)
	}
	sum, err := types.ProtocolOf(chainID, types.Job{Spec: spec, Round: 1, Attempt: 1, Vdaf: securesum.Draft}, program)
	if err != nil {
		return err
	}
	if size := sum.SharedSize(); size > int(params.MaxContributionBytes) {
		return errorsmod.Wrapf(types.ErrInvalidSecure, "shares of a vector of %d slots of %d bits: expected at most %d bytes, got %d",
			spec.Length, spec.SumBits(program), params.MaxContributionBytes, size)
	}
	if noise, noised := sum.Noise(); noised && noise.SharedSize() > int(params.MaxContributionBytes) {
		return errorsmod.Wrapf(types.ErrInvalidSecure, "shares of the noise of %d slots: expected at most %d bytes, got %d", spec.Length, params.MaxContributionBytes, noise.SharedSize())
	}
	return nil
}

// checkSpendable refuses a budget and an opening fee that the consumer does not have; x/bank would
// notice only after it has taken the first coin.
func (k *Keeper) checkSpendable(ctx context.Context, consumer sdk.AccAddress, budget sdk.Coins, drawFee math.Int) error {
	for _, coin := range budget {
		has := k.bankKeeper.SpendableCoin(ctx, consumer, coin.Denom)
		if has.IsLT(coin) {
			return errorsmod.Wrapf(sdkerrors.ErrInsufficientFunds, "spendable coins of the consumer: expected at least %s, got %s", coin, has)
		}
		// Every budget has ualita, so the draw fee is always looked at.
		if all := coin.AddAmount(drawFee); coin.Denom == datapooltypes.BaseDenom && has.IsLT(all) {
			return errorsmod.Wrapf(types.ErrDrawFee, "spendable coins of the consumer: expected at least %s, the budget of %s and %s for the opening, got %s",
				all, coin, drawFee, has)
		}
	}
	return nil
}
