"""The store is away in the middle of a call: the call goes on, and is stored when the store is back."""
