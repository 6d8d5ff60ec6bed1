package consumer

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	sdk "github.com/cosmos/cosmos-sdk/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"

	"github.com/alita-network/alita/client/tx"
	"github.com/alita-network/alita/x/compute/types"
)

// Open pays a quote's budget into escrow and opens its job. The reader's key is kept
// before anything is sent.
//
// After an *UnfinishedError the job may be open, and Resume goes on with it. After a
// *BalanceError or a refusal nothing was paid, if the node tells the truth; if it
// does not, Resume still finds the key.
func (c *Client) Open(ctx context.Context, q *Quote) (*Run, error) {
	if err := c.Check(ctx); err != nil {
		return nil, err
	}
	if err := c.checkBalance(ctx, q); err != nil {
		return nil, err
	}
	msg, saved, err := c.newJob(q)
	if err != nil {
		return nil, err
	}
	if err := saved.create(c.Home); err != nil {
		return nil, fmt.Errorf("keep the reader's key: %w", err)
	}
	res, err := c.Sender.Send(ctx, msg)
	if err != nil {
		return nil, c.notOpened(saved, err)
	}
	r, err := c.run(saved)
	if err != nil {
		return nil, &UnfinishedError{saved.JobID, err}
	}
	r.openedHeight = res.Height
	return r, nil
}

// newJob makes the message that opens a job, and what is kept of it.
func (c *Client) newJob(q *Quote) (*types.MsgOpenJob, *savedRun, error) {
	account, err := c.Sender.Address()
	if err != nil {
		return nil, nil, err
	}
	salt := make([]byte, types.SaltSize)
	rand.Read(salt) // it never fails
	saved := &savedRun{Saved: Saved{
		ChainID: c.Sender.ChainID, JobID: types.JobID(sdk.AccAddress(c.Sender.Signer.PubKey().Address()), salt), From: c.KeyName, Question: q.question, Plot: q.Plot,
	}}
	for _, n := range c.CheckNodes {
		saved.CheckNodes = append(saved.CheckNodes, n.Name)
	}
	key, err := saved.addKey()
	if err != nil {
		return nil, nil, err
	}
	public := key.Public()
	spec := q.Spec
	spec.ReaderKey = public.Bytes()
	return &types.MsgOpenJob{Consumer: account, Salt: salt, Spec: spec}, saved, nil
}

// notOpened does with the key what an error of the opening allows. A key is deleted
// only if no signed transaction has left this machine: whoever has one can open the
// job, whatever a node says of it.
func (c *Client) notOpened(saved *savedRun, err error) error {
	var refused *tx.RefusedError
	switch opening := fmt.Errorf("open the job: %w", err); {
	case errors.Is(err, tx.ErrPending):
		return &UnfinishedError{saved.JobID, opening}
	case errors.As(err, &refused) && refused.Stage != tx.Simulated:
		return errors.Join(opening, setAsideRun(c.Home, saved.JobID))
	default:
		return errors.Join(opening, forgetRun(c.Home, saved.JobID))
	}
}

// checkBalance says what is missing for the budget and the draw fee before the chain
// would.
func (c *Client) checkBalance(ctx context.Context, q *Quote) error {
	account, err := c.Sender.Address()
	if err != nil {
		return err
	}
	bank := banktypes.NewQueryClient(c.Sender.Conn)
	needs := types.Funds{Alita: q.Spec.Budget.Alita.Add(q.DrawFee), Data: q.Spec.Budget.Data}
	for _, coin := range needs.Coins(q.Spec.PoolId) {
		res, err := bank.SpendableBalanceByDenom(ctx, &banktypes.QuerySpendableBalanceByDenomRequest{Address: account, Denom: coin.Denom})
		if err != nil {
			return fmt.Errorf("balance of %s: %w", account, err)
		}
		if res.Balance == nil || res.Balance.Denom != coin.Denom {
			return fmt.Errorf("balance of %s in %s: %w", account, coin.Denom, ErrNode)
		}
		if res.Balance.Amount.LT(coin.Amount) {
			return &BalanceError{Account: account, Has: *res.Balance, Needs: coin}
		}
	}
	return nil
}
