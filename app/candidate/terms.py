"""The lists behind `vocabulary`: one term a line, its name first, then other spellings.

`=` holds a spelling to its capitals (or all capitals). Words with a common meaning outside of the field stand here only
with the word that makes them technical: `attention head`, not `attention`.
"""

from __future__ import annotations

METHODS = """
LoRA | low-rank adaptation | low-rank adapter
QLoRA | quantized low-rank adaptation
PEFT | parameter-efficient
fine-tuning | fine-tuned | fine-tune | finetuning | finetuned | finetune
instruction tuning | instruction-tuned
supervised fine-tuning | SFT
prompt tuning | prefix tuning | p-tuning | soft prompt
RLHF | reinforcement learning from human feedback
RLAIF
DPO | direct preference optimization | direct preference optimisation
PPO | proximal policy optimization | proximal policy optimisation
GRPO
ORPO
KTO
reward model | reward modeling | reward modelling
reward hacking
preference data | preference tuning | preference optimization | preference learning
constitutional AI
continued pretraining | continual pretraining
pretraining | pre-training | pretrained | pre-trained
transfer learning
domain adaptation
few-shot | few-shot learning | few-shot prompting
zero-shot | zero-shot learning | zero-shot classification
in-context learning
meta-learning
multi-task learning
curriculum learning
active learning
self-supervised learning | self-supervised
semi-supervised learning | semi-supervised | pseudo-labeling | pseudo-labelling
weak supervision | weakly supervised
unsupervised learning
supervised learning
contrastive learning | contrastive loss | contrastive pretraining | SimCLR | MoCo
federated learning
online learning
continual learning | catastrophic forgetting
reinforcement learning
Q-learning | deep Q-network | DQN
policy gradient | actor-critic | A3C | REINFORCE algorithm
multi-armed bandit | contextual bandit | Thompson sampling
imitation learning | behavioral cloning
knowledge distillation | distillation | distilled
pruning | pruned | structured pruning | token pruning | weight pruning
quantization | quantisation | quantized | quantised | quantize | quantise
int8 | 8-bit
4-bit | int4 | NF4
post-training quantization | PTQ
quantization-aware training | QAT
GPTQ
AWQ
GGUF
mixed precision | mixed-precision training | fp16 | bf16 | bfloat16
gradient checkpointing | activation checkpointing
gradient accumulation
gradient clipping
data parallelism | data parallel | DDP | distributed data parallel
model parallelism | tensor parallelism | tensor parallel | pipeline parallelism
FSDP | fully sharded data parallel
ZeRO | =ZeRO-3 | =ZeRO-2
distributed training
mixture of experts | mixture-of-experts | MoE
FlashAttention | flash attention
KV cache | KV-cache | KV caching | key-value cache
PagedAttention | paged attention
speculative decoding
continuous batching | dynamic batching
prompt caching | semantic cache | semantic caching | prefix caching
beam search
nucleus sampling | top-p sampling | top-k sampling
Transformer
self-attention | multi-head attention | attention mechanism | attention head | cross-attention
positional encoding | RoPE | rotary embedding | ALiBi
encoder-decoder | seq2seq | sequence-to-sequence
encoder
BERT | BERT-base | BERT-large
RoBERTa
DistilBERT
ALBERT
DeBERTa
SBERT | Sentence-BERT
BioBERT | ClinicalBERT | SciBERT | FinBERT
ELECTRA
T5 | FLAN-T5 | mT5
BART | mBART
GPT
GPT-2
GPT-3 | GPT-3.5
GPT-4 | GPT-4o | GPT-4 Turbo
GPT-5
Llama | Llama 2 | Llama 3 | Llama-2 | Llama-3 | LLaMA | =LLaMA
Mistral | Mixtral | Mistral 7B
Qwen | Qwen2 | Qwen2.5
Gemma
Phi-3 | Phi-2 | Phi-4
DeepSeek
=Claude
=Gemini
Falcon LLM | =Falcon-7B | =Falcon-40B
=Whisper
wav2vec | wav2vec 2.0
LLM | large language model
small language model | SLM
language model | language modeling | language modelling
masked language modeling | masked language modelling | MLM
RAG | retrieval-augmented generation | retrieval augmented generation | GraphRAG
chunking | semantic chunking
reranker | reranking | re-ranking | re-ranker | rerank
cross-encoder
bi-encoder | dual encoder
two-tower
hybrid search | hybrid retrieval
dense retrieval | dense passage retrieval | DPR
semantic search | vector search | similarity search
BM25
HNSW | approximate nearest neighbor | approximate nearest neighbour | ANN search
vector database | vector store
embedding | word embedding | sentence embedding | text embedding
Word2Vec | word2vec | skip-gram
GloVe
fastText
TF-IDF
bag of words | bag-of-words
n-gram
tokenization | tokenisation | tokenizer | byte-pair encoding | BPE | WordPiece | SentencePiece
prompt engineering | prompt design
chain-of-thought | chain of thought | CoT
tree of thoughts
function calling | tool calling | tool use
structured output | constrained decoding | JSON mode
AI agent | LLM agent | multi-agent | agentic | agentic workflow
ReAct prompting | ReAct agent
guardrail
prompt injection | jailbreak
hallucination | hallucination detection
LLM-as-a-judge | LLM as judge | LLM judge | LLM evaluation
faithfulness | groundedness | context precision | context recall
CNN | convolutional neural network | ConvNet | convolutional network
RNN | recurrent neural network
LSTM | BiLSTM | Bi-LSTM | long short-term memory
GRU | gated recurrent unit
MLP | multilayer perceptron | multi-layer perceptron
neural network | deep neural network | DNN | ANN | artificial neural network
deep learning
graph neural network | GNN | GCN | GraphSAGE | graph convolutional network | graph attention network
GAN | generative adversarial network | DCGAN | CycleGAN | WGAN
StyleGAN
VAE | variational autoencoder
autoencoder
diffusion model | DDPM
latent diffusion
Stable Diffusion | SDXL
ControlNet
DreamBooth
classifier-free guidance
ViT | Vision Transformer
Swin Transformer | =Swin
DETR
CLIP
SAM | Segment Anything
ResNet | ResNet18 | ResNet34 | ResNet50 | ResNet101 | ResNet-18 | ResNet-34 | ResNet-50 | ResNet-101 | ResNet152
VGG | VGG16 | VGG19 | VGG-16
InceptionV3 | Inception-v3
EfficientNet | EfficientNet-B0 | EfficientNetB0
MobileNet | MobileNetV2 | MobileNetV3
DenseNet | DenseNet121 | DenseNet-121
AlexNet
U-Net | UNet | nnU-Net
YOLO | YOLOv3 | YOLOv4 | YOLOv5 | YOLOv7 | YOLOv8 | YOLOv9 | YOLOv10 | YOLO11
Faster R-CNN | R-CNN | Fast R-CNN
Mask R-CNN
RetinaNet
ImageNet
COCO
object detection
image segmentation | semantic segmentation | instance segmentation
image classification
object tracking | DeepSORT
OCR | optical character recognition
pose estimation
face recognition
Grad-CAM
mel spectrogram | spectrogram | MFCC
speech recognition | ASR
text-to-speech | TTS
NLP | natural language processing
NER | named entity recognition
sentiment analysis
text classification
text summarization | summarization | summarisation
machine translation
question answering
topic modeling | topic modelling | LDA | BERTopic
information retrieval
computer vision
recommender system | recommendation system | recommendation engine
collaborative filtering
matrix factorization | matrix factorisation
candidate generation
learning to rank | LambdaMART | LambdaRank
XGBoost
LightGBM
CatBoost
gradient boosting | gradient-boosted trees | gradient boosted trees | GBDT | GBM | boosted trees
AdaBoost
random forest
decision tree
extra trees
bagging
ensemble learning | stacking ensemble | model ensembling | ensemble methods | ensemble model
linear regression
logistic regression
ridge regression
lasso regression | =Lasso
elastic net
quantile regression
Poisson regression
isotonic regression | Platt scaling
SVM | support vector machine
naive Bayes
k-nearest neighbors | k-nearest neighbours | KNN | k-NN
k-means | kmeans
DBSCAN | HDBSCAN
hierarchical clustering | agglomerative clustering
clustering
Gaussian mixture | GMM
Gaussian process
hidden Markov model | HMM
Markov chain Monte Carlo | MCMC
Bayesian inference | Bayesian modeling | Bayesian modelling | hierarchical Bayes
Bayesian optimization | Bayesian optimisation
PCA | principal component analysis
SVD | singular value decomposition
t-SNE | tSNE
UMAP
dimensionality reduction
feature engineering
feature selection
feature store
one-hot encoding | target encoding | label encoding
data augmentation
data leakage | target leakage
data drift | concept drift | drift detection | model drift | covariate shift
training-serving skew | train-serve skew
point-in-time join | point-in-time correctness
population stability index | PSI
class imbalance | imbalanced data | class weight | class weighting
SMOTE | oversampling | undersampling
focal loss
cross-entropy
triplet loss
regularization | regularisation | L1 regularization | L2 regularization | weight decay
dropout
batch normalization | batch normalisation | batch norm | BatchNorm
layer normalization | layer norm | LayerNorm
early stopping
learning rate schedule | learning rate scheduling | cosine annealing | warmup schedule
Adam optimizer | AdamW | Adam optimiser
SGD | stochastic gradient descent
gradient descent
backpropagation
hyperparameter tuning | hyperparameter optimization | hyperparameter search | grid search | random search
cross-validation | k-fold | stratified k-fold | time series cross-validation
ablation study | ablation
precision
recall
F1 score | F1 | F1-score | macro F1 | micro F1 | macro-F1
accuracy
AUC | ROC-AUC | ROC AUC | AUROC | ROC curve
PR-AUC | AUPRC | average precision
mAP | mean average precision
IoU | intersection over union
Dice score | Dice coefficient
NDCG
MRR | mean reciprocal rank
BLEU
ROUGE | ROUGE-L
BERTScore
perplexity
FID
WER | word error rate
RMSE | root mean squared error | MSE | mean squared error
MAE | mean absolute error | MAPE | sMAPE
confusion matrix
calibration | calibrated | expected calibration error
SHAP | Shapley value
LIME
explainability | explainable AI | XAI | model interpretability
fairness metrics | bias mitigation | demographic parity | equalized odds
differential privacy | DP-SGD
anomaly detection | outlier detection
isolation forest
fraud detection
churn prediction
time series | time-series forecasting | time series forecasting
demand forecasting
ARIMA | SARIMA
exponential smoothing | Holt-Winters
=Prophet
temporal fusion transformer | TFT
A/B test | A/B testing | AB test | AB testing | split test
CUPED
hypothesis testing | t-test | chi-square test | ANOVA
causal inference
difference-in-differences | diff-in-diff
instrumental variable
propensity score | propensity score matching | inverse propensity weighting | inverse propensity
uplift modeling | uplift modelling | uplift model
synthetic control
survival analysis | Cox regression | Kaplan-Meier
Monte Carlo | Monte Carlo simulation
MLOps | LLMOps
CI/CD
model monitoring
model serving
model registry
experiment tracking
shadow deployment | canary release | canary deployment
batch inference | real-time inference | online inference
retraining | automatic retraining | automated retraining
synthetic data
data labeling | data labelling | data annotation | annotation guideline | inter-annotator agreement
ETL | ELT
data warehouse | data lake | lakehouse
stream processing
"""

TOOLS = """
Python
=R
=Java
=Scala
C++
C#
Golang
=Rust
=Julia
JavaScript
TypeScript
SQL
=Bash
MATLAB
PyTorch
PyTorch Lightning
TensorFlow | tf.keras
=Keras
JAX | =Flax
scikit-learn | sklearn
pandas | =Pandas
NumPy
SciPy
statsmodels
=Polars
=Dask
Ray Serve | Ray Tune | Ray Train | Ray cluster
=Spark | PySpark | Apache Spark
Hadoop | MapReduce
Kafka | Apache Kafka
=Flink | Apache Flink
Airflow | Apache Airflow
Dagster
=Prefect
dbt
=Snowflake
BigQuery
=Redshift
Databricks
Delta Lake
=Feast
Great Expectations
DVC
MLflow
Weights & Biases | =W&B | wandb
TensorBoard
Kubeflow
SageMaker | Amazon SageMaker
Vertex AI
Azure ML | Azure Machine Learning
Amazon Bedrock | AWS Bedrock
AWS
GCP | Google Cloud
Azure
Docker
Kubernetes | k8s
Terraform
Jenkins
GitHub Actions
=Git
Linux
FastAPI
=Flask
Django
Streamlit
Gradio
gRPC
Redis
PostgreSQL | Postgres | pgvector
MySQL
MongoDB
SQLite
Elasticsearch | OpenSearch
Neo4j
RabbitMQ
=Celery
=Prometheus
Grafana
Evidently AI
Hugging Face | HuggingFace | Hugging Face Transformers | HF Transformers
sentence-transformers
Hugging Face Accelerate
bitsandbytes
=TRL
=Axolotl
Unsloth
DeepSpeed
Megatron-LM | Megatron
vLLM
TGI
Ollama
llama.cpp
TensorRT | TensorRT-LLM
=Triton | Triton Inference Server
TorchServe
TensorFlow Serving
BentoML
ONNX | ONNX Runtime
TensorFlow Lite | TFLite
Core ML
OpenVINO
CUDA
Numba
LangChain
LangGraph
LlamaIndex
=Haystack
DSPy
Ragas
CrewAI
AutoGen
Semantic Kernel
OpenAI API | OpenAI
Anthropic API
FAISS
=Pinecone
Weaviate
Milvus
Qdrant
ChromaDB | =Chroma
spaCy
NLTK
Gensim
OpenCV
Albumentations
Detectron2
MMDetection
timm
Optuna
Hyperopt
AutoML | AutoGluon | H2O AutoML
OpenAI Gym | Gymnasium | Stable-Baselines3
Tableau
Power BI
=Looker
Matplotlib
Seaborn
Plotly
=Excel
Jupyter
Label Studio
Slurm
"""

MISLEADING = """
partition pruning
predicate pruning
column pruning
product recall
vehicle recall
safety recall
power transformer
voltage transformer
transformer station
spark plug
encoder sensor
rotary encoder
school dropout
dropout rate of students
student dropout
"""
