package keeper

import (
	"context"

	"github.com/alita-network/alita/internal/modulekit"
	"github.com/alita-network/alita/x/metadata/types"
)

// SetPrivacyBudget implements types.MsgServer: it sets how much sums with noise may disclose about a
// record in all; only its owner may. Any budget is accepted: one that is spent already allows no
// further charge. It returns what is spent, which never falls.
func (k msgServer) SetPrivacyBudget(ctx context.Context, msg *types.MsgSetPrivacyBudget) (*types.MsgSetPrivacyBudgetResponse, error) {
	record, _, err := k.ownedRecord(ctx, msg.Owner, msg.RecordId)
	if err != nil {
		return nil, err
	}
	if err := checkNotRetired(record); err != nil {
		return nil, err
	}
	record.PrivacyBudget = msg.Budget
	if err := k.setRecord(ctx, record, record.Status); err != nil {
		return nil, err
	}
	return modulekit.Answer(&types.MsgSetPrivacyBudgetResponse{Spent: record.PrivacySpent}, modulekit.Emit(ctx, &types.EventPrivacyBudgetSet{
		RecordId: record.Id, Budget: record.PrivacyBudget, Spent: record.PrivacySpent,
	}))
}
