"""What is trained on the training part to make new samples: the loop, nets, one model per file."""
