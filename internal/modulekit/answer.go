package modulekit

// Answer returns the response of a handler, or nil and the error of its last step.
func Answer[R any](response *R, err error) (*R, error) {
	if err != nil {
		return nil, err
	}
	return response, nil
}
