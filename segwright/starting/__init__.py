"""A project from data: what every column is likely to be, and a first segmentation to edit."""
