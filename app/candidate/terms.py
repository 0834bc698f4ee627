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
SVM | support vector machine | linear SVM | kernel SVM
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
bootstrap resampling | bootstrap confidence interval | bootstrapped confidence interval | bootstrap sampling
confidence interval
credible interval
maximum likelihood | maximum likelihood estimation | log-likelihood
maximum a posteriori | MAP estimation
expectation-maximization | expectation maximisation | EM algorithm
variational inference | ELBO
normalizing flow | normalising flow
flow matching
rectified flow
score matching
score-based model
conformal prediction | conformal inference
prediction interval
deep ensemble
Monte Carlo dropout | MC dropout
out-of-distribution detection | OOD detection | out-of-distribution
expected improvement
acquisition function
equivariance | equivariant
graph transformer | message passing neural network | message passing network
link prediction
node embedding
node2vec
DeepWalk
knowledge graph
multiple imputation | imputation | missing-value imputation
convex optimization | convex optimisation
mixed-effects model | mixed effects model | hierarchical model
Lagrange multiplier
one-class SVM
kernel method
RBF kernel
ensemble
permutation importance | feature importance
partial dependence | partial dependence plot
saliency map
sequential testing | sequential test
power analysis | statistical power
multiple testing correction
Bonferroni correction
false discovery rate
Mann-Whitney
Wilcoxon test
Kolmogorov-Smirnov
regression discontinuity
double machine learning
causal forest
meta-learner
interrupted time series
switchback test | switchback experiment
bandit
epsilon-greedy
upper confidence bound
interleaving
Cohen's kappa
Fleiss' kappa
Krippendorff's alpha
sensitivity and specificity | specificity
Brier score
log loss | logloss
R-squared
decision curve analysis
net benefit
Dice loss
hinge loss
Huber loss
quantile loss | pinball loss
KL divergence
label smoothing
CutMix
knowledge tracing
self-play
Monte Carlo tree search | MCTS
AlphaZero
AlphaGo
MuZero
replay buffer | experience replay
soft actor-critic | SAC
TD3
DDPG
multi-agent reinforcement learning
world model
domain randomization | domain randomisation
sim-to-real
visual odometry
SLAM | ORB-SLAM | visual SLAM
ORB features | =ORB
bundle adjustment
structure from motion
Kalman filter | extended Kalman filter
particle filter
point cloud
PointNet
NeRF | neural radiance field
Gaussian splatting | 3D Gaussian splatting
histogram equalization | histogram equalisation
CLAHE
edge detection
Canny edge
Hough transform
super-resolution
face anti-spoofing | liveness detection
license plate recognition | licence plate recognition
panoptic segmentation
DeepLab | DeepLabv3 | DeepLabV3+
SegFormer
EfficientDet
RT-DETR
PatchCore
PaDiM
DINO
DINOv2
DINOv3
LLaVA
SqueezeNet
ByteTrack
FaceNet
ArcFace
prototypical network | matching network
few-shot classification
Siamese network | siamese networks
MIMIC-IV
MIMIC-III
MNIST
SQuAD
GLUE
SuperGLUE
LayoutLM | LayoutLMv2 | LayoutLMv3
TrOCR
XLM-RoBERTa | XLM-R
mBERT | multilingual BERT
Longformer
BigBird
bge | bge-large | bge-small | bge-base | bge-m3
E5 | multilingual-e5 | e5-large
ColBERT
late interaction
ELMo
ESM-2
ESMFold
AlphaFold
PhoBERT
PhoGPT
CodeLlama
StarCoder
Pythia
Mamba | state space model | state-space model
linear attention
sparse attention
sliding-window attention
grouped-query attention
multi-query attention
SmoothQuant
reciprocal rank fusion | RRF
query rewriting
query expansion
HyDE
natural language inference | NLI
textual entailment
language identification | language detection
word sense disambiguation
information extraction | key information extraction | key-value extraction | document extraction
entity extraction | entity recognition
entity resolution
record linkage
entity linking
deduplication
document parsing | document understanding
dialogue system | dialog system | chatbot
CRF | conditional random field | BiLSTM-CRF
spelling correction | spell checking
MinHash
locality-sensitive hashing | LSH
SimHash
text generation
style transfer
Conformer
Tacotron
confident learning
label noise | noisy labels
LLM guardrail
red teaming | red-teaming
golden set | golden dataset
pairwise comparison
prompt template | system prompt
MCP | Model Context Protocol
long context
context window
change data capture
data contract
data lineage
data quality checks
medallion architecture
slowly changing dimension
window function
exactly-once
schema registry
data pipeline | data ingestion
feature drift
prediction drift
label drift
feature pipeline
model card
GitOps
infrastructure as code
blue-green deployment
autoscaling
A/A test
observability
inference server
edge inference
on-device inference
SARIMAX
seasonal naive | naive forecast
Croston's method | Croston
dynamic time warping | DTW
CUSUM
backtesting | backtest
walk-forward validation
expanding window
probabilistic forecasting | quantile forecast
load forecasting
sales forecasting
DeepAR
N-BEATS
N-HiTS
PatchTST
TimesFM
Chronos forecasting
GARCH
alternating least squares | ALS
factorization machine | factorisation machine
DeepFM
session-based recommendation
position bias
inverse propensity scoring
propensity weighting
in-batch negatives
hard negative mining
negative sampling
maximal marginal relevance | MMR
cold start
implicit feedback
click model
click-through rate prediction | CTR prediction
content-based filtering
customer lifetime value | CLV
customer segmentation
credit scoring
predictive maintenance
spam filter | spam detection
dynamic pricing
multi-task | multi-task model
homomorphic encryption
secure aggregation
energy-based model
uncertainty quantification | uncertainty estimation
Bayesian neural network
linear discriminant analysis
factor analysis
independent component analysis
non-negative matrix factorization | NMF
linear programming
integer programming | mixed-integer programming
simulated annealing
genetic algorithm | evolutionary algorithm
evolution strategies
particle swarm
generalized linear model | generalised linear model | GLM
generalized additive model | generalised additive model | GAM
polynomial regression
self-organizing map
spectral clustering
affinity propagation
k-medoids
local outlier factor
association rules | market basket analysis
integrated gradients
counterfactual explanation
off-policy evaluation
Matthews correlation coefficient | MCC
Tweedie loss | Tweedie regression
CRPS | continuous ranked probability score
temporal-difference learning
inverse reinforcement learning
offline reinforcement learning
model-based reinforcement learning
reward shaping
SIFT
optical flow
depth estimation
stereo matching | stereo vision
camera calibration
image registration
image captioning
action recognition
masked autoencoder
SigLIP
BLIP | BLIP-2
ConvNeXt
Xception
CIFAR-10 | CIFAR-100
MMLU
HumanEval
XLNet
ModernBERT
MiniLM
SPLADE
model merging
DoRA
FP8
sequence packing
MFU | model FLOPs utilization
query understanding
dependency parsing
part-of-speech tagging | POS tagging
coreference resolution
relation extraction
intent classification | intent detection
slot filling
finite-state transducer
keyword extraction
code generation
text-to-SQL
voice activity detection | VAD
speaker diarization | speaker diarisation
self-consistency
dimensional modeling | dimensional modelling | star schema
data mesh
ETS
change point detection | changepoint detection
hierarchical forecasting | forecast reconciliation
vector autoregression
structural time series | Bayesian structural time series
Fourier transform | FFT
wavelet
neural collaborative filtering | NCF
Wide & Deep
DLRM
GRU4Rec
SASRec
BERT4Rec
multi-gate mixture of experts | MMoE
membership inference
adversarial training
adversarial example
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
=Kotlin
React.js
=SAS
Raspberry Pi
Jetson Nano | NVIDIA Jetson | Jetson Orin | Jetson Xavier
=Android
PyTorch Mobile
PyTorch Geometric
DGL
PyTorch Forecasting
torchvision
fastai
MXNet
PaddlePaddle
PaddleOCR
EasyOCR
Tesseract | Tesseract OCR
Amazon Textract | AWS Textract
DeepStream
COLMAP
Open3D
=Blender
=ROS | ROS2
=Gazebo
MuJoCo
cleanlab
Snorkel
Roboflow
Langfuse
LangSmith
Pydantic
SQLAlchemy
pytest
=Debezium
AWS Glue
AWS Lambda
AWS S3 | Amazon S3
Google Dataflow | Apache Beam | =Dataflow
=Synapse
Apache Iceberg
Apache Hive | =Hive
Parquet | Apache Parquet
Apache Arrow
DuckDB
ClickHouse
Trino | Presto SQL | PrestoDB
=Cassandra
DynamoDB
InfluxDB
TimescaleDB
CockroachDB
Druid
Fivetran
Airbyte
Metabase
=Superset | Apache Superset
Argo Workflows
Argo CD | ArgoCD
KServe | KFServing
Seldon | Seldon Core
Helm
Ansible
Pulumi
CloudFormation
CircleCI
Bitbucket
Datadog
Elastic Stack | ELK stack
Kibana
Logstash
OpenTelemetry
Evidently
Arize
ClearML
Comet ML
ZenML
Metaflow
Flyte
Hopsworks
Tecton
Horovod
NCCL
SGLang
LMDeploy
LiteLLM
Vespa
Solr | Apache Solr
Lucene
ScaNN
Annoy
=Stanza
AllenNLP
fairseq
ESPnet
librosa
torchaudio
Selenium
Scrapy
BeautifulSoup | Beautiful Soup
NetworkX
GeoPandas
PostGIS
RDKit
=PyStan
PyMC
NumPyro
EconML
DoWhy
CausalML
Darts
sktime
statsforecast
NeuralProphet
tsfresh
imbalanced-learn
Featuretools
category_encoders
LightFM
RecBole
TensorFlow Recommenders
TorchRec
RAPIDS
cuDF
cuML
OpenAI Whisper
=MPI
WebAssembly
MediaPipe
Treelite
MQTT
GraphQL
REST API
Nginx
Gunicorn
Uvicorn
tidyverse
Node.js
SPSS
=Stata
Arduino
TorchScript
CVAT
Amazon Kinesis | AWS Kinesis
Pub/Sub
Azure Data Factory
Apache Hudi
Apache Pulsar
Apache NiFi
SQL Server
Kubeflow Pipelines
Istio
GitLab CI | GitLab CI/CD
WhyLabs
=OpenMP
ggplot2
dplyr
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
two towers
calibrated stereo
calibrated cameras
who recall
to recall
i recall
we recall
they recall
you recall
people recall
users recall
recall that
recall how
recall when
recall every
recall their
string ensemble
jazz ensemble
theatre ensemble
"""
